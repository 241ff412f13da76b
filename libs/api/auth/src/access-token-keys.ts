import { Id } from '@cloudhop/contracts';
import { SECRETS, type Secrets } from '@cloudhop/api/platform';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type KeyObject, createSecretKey } from 'node:crypto';
import * as z from 'zod';

/** Header and claims that every access token has. A token with other values is not ours. */
export const tokenPins = { algorithm: 'HS256', issuer: 'cloudhop', audience: 'cloudhop:access' } as const;

/** Checks that every verification of an access token makes, besides the key. */
export const tokenChecks = {
  algorithms: [tokenPins.algorithm],
  issuer: tokenPins.issuer,
  audience: tokenPins.audience,
} satisfies object;

/** Claims of an access token: user, session, and the end in seconds since the epoch. */
export const AccessClaims = z.object({ sub: Id, sid: Id, exp: z.int() });
export type AccessClaims = z.infer<typeof AccessClaims>;

const TokenHeader = z.object({ header: z.object({ alg: z.literal(tokenPins.algorithm), kid: z.string() }) });

const tokenMaxLength = 4_096;

/** Keys of access tokens: the one that signs, and the ones before it. */
@Injectable()
export class AccessTokenKeys {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  constructor(
    @Inject(SECRETS) secrets: Secrets,
    private readonly jwt: JwtService,
  ) {
    // Created once: given a string, jsonwebtoken first tries it as a public key, each time.
    this.#keys = new Map(secrets.jwtKeys.map(({ kid, secret }) => [kid, createSecretKey(Buffer.from(secret))]));
  }

  /** Returns the key by which the token says it is signed; undefined if it is none of ours, or no access token. */
  find(token: string): KeyObject | undefined {
    if (token.length > tokenMaxLength || !/^[\w.-]+$/.test(token)) return undefined;
    return this.#keys.get(this.#keyIdOf(token) ?? '');
  }

  /** Decoding throws for a token that is no JSON. */
  #keyIdOf(token: string): string | undefined {
    try {
      return TokenHeader.safeParse(this.jwt.decode(token, { complete: true })).data?.header.kid;
    } catch {
      return undefined;
    }
  }
}
