import { DomainError, limits, SECRETS, type Secrets, TokenVerifier, type VerifiedToken } from '@cloudhop/api/platform';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { Request } from 'express';
import { AccessClaims, AccessTokenKeys, tokenChecks, tokenPins } from './access-token-keys';
import { AccessTokenStrategy, strategyName } from './access-token.strategy';
import { ApiTokensService } from './api-tokens.service';
import { EndedSessions } from './ended-sessions';
import { SessionsRepository } from './sessions.repository';
import { toUser } from './user-mapping';

/** The bearer that a genuine token names. The session may have ended since. */
export interface TokenBearer {
  userId: string;
  sessionId: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

type RequestHandler = (request: Request, response: unknown, next: (error: unknown) => void) => void;

/** Access tokens: ten minutes, in memory only, and worth nothing once their session has ended. */
@Injectable()
export class AccessTokensService extends TokenVerifier {
  constructor(
    @Inject(SECRETS) private readonly secrets: Secrets,
    private readonly jwt: JwtService,
    private readonly keys: AccessTokenKeys,
    private readonly strategy: AccessTokenStrategy,
    private readonly sessions: SessionsRepository,
    private readonly ended: EndedSessions,
    private readonly apiTokens: ApiTokensService,
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

  /** Verifies the access token in the Authorization header of a request. Throws as `verify` does. */
  override async verifyRequest(request: Request): Promise<VerifiedToken> {
    return this.authorise(toBearer(await this.#authenticate(request)));
  }

  override verifyApiToken(token: string): ReturnType<ApiTokensService['verify']> {
    return this.apiTokens.verify(token);
  }

  /** Reads a token without checking that its session is live. Throws unauthenticated or token_expired. */
  async read(token: string): Promise<TokenBearer> {
    const key = this.keys.find(token);
    if (!key) throw new DomainError('unauthenticated');
    try {
      // The types of @nestjs/jwt leave out key objects, which jsonwebtoken takes.
      const claims: unknown = await this.jwt.verifyAsync(token, { ...tokenChecks, secret: key as unknown as Buffer });
      return toBearer(AccessClaims.parse(claims));
    } catch (error) {
      throw refusalOf(error);
    }
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

  #authenticate(request: Request): Promise<AccessClaims> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(new Error('the access token strategy failed', { cause: error }));
      const settle = (error: unknown, claims?: AccessClaims | false | null, info?: unknown) => {
        if (error) return fail(error);
        if (claims) return resolve(claims);
        reject(refusalOf(info));
      };
      const handle = this.strategy.authenticator.authenticate(
        strategyName,
        { session: false },
        settle,
      ) as RequestHandler;
      handle(request, {}, fail);
    });
  }
}

const toBearer = ({ sub, sid, exp }: AccessClaims): TokenBearer => ({
  userId: sub,
  sessionId: sid,
  expiresAt: exp * 1_000,
});

function refusalOf(reason: unknown): DomainError {
  const isExpired = reason instanceof Error && reason.name === 'TokenExpiredError';
  return new DomainError(isExpired ? 'token_expired' : 'unauthenticated', { cause: reason });
}
