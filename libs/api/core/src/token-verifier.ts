import type { User } from '@cloudhop/contracts';
import type { Actor } from './actor';

export interface VerifiedToken {
  actor: Omit<Actor, 'requestId'>;
  user: User;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** The port by which core knows who asks; the auth module provides it for REST, for handshakes and for renewals. */
export abstract class TokenVerifier {
  /** Throws DomainError unauthenticated, token_expired or session_ended. */
  abstract verify(token: string): Promise<VerifiedToken>;
}
