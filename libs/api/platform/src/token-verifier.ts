import type { Scope, User } from '@cloudhop/contracts';
import type { Request } from 'express';
import type { Actor } from './actor';

export interface VerifiedToken {
  actor: Omit<Actor, 'requestId'>;
  user: User;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Prefix of API tokens, by which people and secret scanners recognise them. */
export const apiTokenPrefix = 'chp_';

/** Port that authenticates tokens for the platform. The auth module provides it for REST, handshakes and renewals. */
export abstract class TokenVerifier {
  /** Throws DomainError unauthenticated, token_expired or session_ended. */
  abstract verify(token: string): Promise<VerifiedToken>;
  /** Verifies the access token in the Authorization header. Throws as `verify` does. */
  abstract verifyRequest(request: Request): Promise<VerifiedToken>;
  /** Verifies an API token, over REST only. Throws DomainError unauthenticated, token_expired or session_ended. */
  abstract verifyApiToken(token: string): Promise<{ actor: VerifiedToken['actor']; scopes: readonly Scope[] }>;
}
