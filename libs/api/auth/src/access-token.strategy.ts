import { Id } from '@cloudhop/contracts';
import { SECRETS, type Secrets } from '@cloudhop/api/platform';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { createSecretKey } from 'node:crypto';
import * as z from 'zod';

/** What every access token says; tokens that say otherwise are not ours. */
export const tokenPins = { algorithm: 'HS256', issuer: 'cloudhop', audience: 'cloudhop:access' } as const;

export const strategyName = 'access-token';

/** What an access token says of its bearer. */
export const AccessClaims = z.object({ sub: Id, sid: Id, exp: z.int() });
export type AccessClaims = z.infer<typeof AccessClaims>;

const TokenHeader = z.object({ header: z.object({ alg: z.literal(tokenPins.algorithm), kid: z.string() }) });

/** Which of our keys a token says it was signed with. Decoding throws for what is no JSON. */
function readKeyId(jwt: JwtService, token: string): string | undefined {
  try {
    return TokenHeader.safeParse(jwt.decode(token, { complete: true })).data?.header.kid;
  } catch {
    return undefined;
  }
}

/** Reads access tokens, over REST and on sockets alike: signed with one of our keys, for us, and not yet ended. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, strategyName) {
  /** Passport of this application alone: the global one keeps only the last strategy that any application gave it. */
  declare authenticator: passport.Authenticator;

  constructor(@Inject(SECRETS) secrets: Secrets, @Inject(JwtService) jwt: JwtService) {
    // Made once: given a string, jsonwebtoken first tries it as a public key, each time.
    const keys = new Map(secrets.jwtKeys.map(({ kid, secret }) => [kid, createSecretKey(Buffer.from(secret))]));
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: [tokenPins.algorithm],
      issuer: tokenPins.issuer,
      audience: tokenPins.audience,
      secretOrKeyProvider: (_request, token: string, done) => {
        const key = keys.get(readKeyId(jwt, token) ?? '');
        // passport-jwt hands it on to jsonwebtoken, which takes key objects; its types don't say so yet.
        done(key ? null : new Error('no such key'), key as unknown as Buffer | undefined);
      },
    });
  }

  validate(claims: unknown): AccessClaims | false {
    return AccessClaims.safeParse(claims).data ?? false;
  }

  /** Asked once, while the strategy is being made. */
  getPassportInstance(): passport.Authenticator {
    return (this.authenticator = new passport.Passport());
  }
}
