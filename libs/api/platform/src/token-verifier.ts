import type { Scope, User } from '@cloudhop/contracts';
import type { Request } from 'express';
import type { Actor } from './actor';

export interface VerifiedToken {
  actor: Omit<Actor, 'requestId'>;
  user: User;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** What an API token begins with, so that people and scanners know one when they see it. */
export const apiTokenPrefix = 'chp_';

/** Port by which the platform knows who asks. The auth module provides it for REST, for handshakes and for renewals. */
export abstract class TokenVerifier {
  /** Throws DomainError unauthenticated, token_expired or session_ended. */
  abstract verify(token: string): Promise<VerifiedToken>;
  /** Verifies the access token in the Authorization header. Throws as `verify` does. */
  abstract verifyRequest(request: Request): Promise<VerifiedToken>;
  /** A token that a program asks with, over REST only. Throws DomainError unauthenticated, token_expired or session_ended. */
  abstract verifyApiToken(token: string): Promise<{ actor: VerifiedToken['actor']; scopes: readonly Scope[] }>;
}
