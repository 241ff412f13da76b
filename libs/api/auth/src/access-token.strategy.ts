import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AccessClaims, AccessTokenKeys, tokenChecks } from './access-token-keys';

export const strategyName = 'access-token';

/** Passport strategy that reads access tokens of HTTP requests. Sockets verify theirs by the same keys and checks. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, strategyName) {
  /** Passport of this application alone: the global one keeps only the last strategy that any application gave it. */
  declare authenticator: passport.Authenticator;

  constructor(keys: AccessTokenKeys) {
    super({
      ...tokenChecks,
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request, token: string, done) => {
        const key = keys.find(token);
        // passport-jwt passes it on to jsonwebtoken, which takes key objects; its types don't say so yet.
        done(key ? null : new Error('no such key'), key as unknown as Buffer | undefined);
      },
    });
  }

  validate(claims: unknown): AccessClaims | false {
    return AccessClaims.safeParse(claims).data ?? false;
  }

  /** Called once, while the strategy is constructed. */
  getPassportInstance(): passport.Authenticator {
    return (this.authenticator = new passport.Passport());
  }
}
