import { Id } from '@cloudhop/contracts';
import { SECRETS, type Secrets } from '@cloudhop/api/core';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
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
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: [tokenPins.algorithm],
      issuer: tokenPins.issuer,
      audience: tokenPins.audience,
      secretOrKeyProvider: (_request, token: string, done) => {
        const kid = readKeyId(jwt, token);
        const key = secrets.jwtKeys.find((each) => each.kid === kid);
        done(key ? null : new Error('no such key'), key?.secret);
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
