import { DomainError, limits, SECRETS, type Secrets, TokenVerifier, type VerifiedToken } from '@cloudhop/api/platform';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type AccessClaims, AccessTokenStrategy, strategyName, tokenPins } from './access-token.strategy';
import { ApiTokens } from './api-tokens.service';
import { EndedSessions } from './ended-sessions';
import { SessionsRepository } from './sessions.repository';
import { toUser } from './user-mapping';

/** Who a genuine token names; whether the session still lives is another question. */
export interface TokenBearer {
  userId: string;
  sessionId: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

type RequestHandler = (request: object, response: object, next: (error: unknown) => void) => void;

const maximumTokenLength = 4_096;

/** Access tokens: ten minutes, in memory only, and worth nothing once their session has ended. */
@Injectable()
export class AccessTokens extends TokenVerifier {
  constructor(
    @Inject(SECRETS) private readonly secrets: Secrets,
    @Inject(JwtService) private readonly jwt: JwtService,
    @Inject(AccessTokenStrategy) private readonly strategy: AccessTokenStrategy,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(EndedSessions) private readonly ended: EndedSessions,
    @Inject(ApiTokens) private readonly apiTokens: ApiTokens,
  ) {
    super();
  }

  async sign(userId: string, sessionId: string): Promise<{ accessToken: string; expiresAt: string }> {
    const [key] = this.secrets.jwtKeys;
    // A token's times are whole seconds.
    const exp = Math.floor((Date.now() + limits.accessTokenMs) / 1_000);
    const accessToken = await this.jwt.signAsync(
      { sub: userId, sid: sessionId, exp },
      { ...tokenPins, secret: key.secret, keyid: key.kid },
    );
    return { accessToken, expiresAt: new Date(exp * 1_000).toISOString() };
  }

  /** Throws unauthenticated, token_expired or session_ended. */
  async verify(token: string): Promise<VerifiedToken> {
    return this.authorise(await this.read(token));
  }

  override verifyApiToken(token: string): ReturnType<ApiTokens['verify']> {
    return this.apiTokens.verify(token);
  }

  /** Reads a token without asking whether its session lives. Throws unauthenticated or token_expired. */
  async read(token: string): Promise<TokenBearer> {
    // A space would end the token where it stands in a header, and what follows would be ignored.
    if (token.length > maximumTokenLength || !/^[\w.-]+$/.test(token)) throw new DomainError('unauthenticated');
    const claims = await this.#authenticate(token);
    return { userId: claims.sub, sessionId: claims.sid, expiresAt: claims.exp * 1_000 };
  }

  /**
   * Returns the bearer as they are now, if their session is live. Within the overlap, a replaced session acts as its
   * successor. Throws session_ended; token_expired after the overlap, because the device can refresh by the successor's
   * cookie.
   */
  async authorise(bearer: TokenBearer): Promise<VerifiedToken & { isReplaced: boolean }> {
    const { userId, sessionId, expiresAt } = bearer;
    if (this.ended.has(sessionId)) throw new DomainError('session_ended');
    const session = await this.sessions.find(sessionId, userId);
    const successorId = session?.replacedBy ?? undefined;
    const isReplaced = successorId !== undefined;
    if (!session?.isLive || this.ended.has(sessionId))
      throw new DomainError(isReplaced ? 'token_expired' : 'session_ended');
    return { actor: { userId, sessionId: successorId ?? sessionId }, user: toUser(session), expiresAt, isReplaced };
  }

  /** Passport asks in the form of a request, which is also how REST sends the token. */
  #authenticate(token: string): Promise<AccessClaims> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(new Error('the access token strategy failed', { cause: error }));
      const settle = (error: unknown, claims?: AccessClaims | false | null, info?: unknown) => {
        if (error) return fail(error);
        if (claims) return resolve(claims);
        const isExpired = info instanceof Error && info.name === 'TokenExpiredError';
        reject(new DomainError(isExpired ? 'token_expired' : 'unauthenticated', { cause: info }));
      };
      const options = { session: false };
      const handle = this.strategy.authenticator.authenticate(strategyName, options, settle) as RequestHandler;
      handle({ headers: { authorization: `Bearer ${token}` } }, {}, fail);
    });
  }
}
