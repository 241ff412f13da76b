import type { Env } from './env';

export interface SigningKey {
  /** Travels in the token's header, so that two keys can be valid at once. */
  kid: string;
  secret: string;
}

export interface Secrets {
  /** The first signs, all verify. */
  jwtKeys: readonly [SigningKey, ...SigningKey[]];
  /** Key of the HMAC from which refresh tokens are derived. */
  refreshKey: string;
}

/** The token by which Secrets are injected. */
export const SECRETS = Symbol('SECRETS');

/** Reads the secrets, or makes them on the first start. */
export function loadSecrets(env: Env): Secrets;
export function loadSecrets(): Secrets {
  throw new Error('secrets');
}
