import { type Actor, DomainError, apiTokenPrefix, eventLog, limits } from '@cloudhop/api/platform';
import { type ApiToken, type RouteBody, type RouteReply, type Scope, limits as wire } from '@cloudhop/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { ApiTokenEntity } from './api-token.entity';
import { ApiTokensRepository } from './api-tokens.repository';
import { boundedTime } from '@cloudhop/api/database';
import { UsersService } from './users.service';

const log = eventLog('api_tokens');

const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

/** Keys with which programs act as a member: within scopes, over REST, until they are revoked or the account ends. */
@Injectable()
export class ApiTokensService implements OnModuleInit {
  /** Time of the last write of each token's use, by token id. */
  readonly #usedAt = new Map<string, number>();

  constructor(
    private readonly tokens: ApiTokensRepository,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.users.onForgotten(() => {
      this.tokens.eraseOfGone().catch((error: unknown) => log.error('api_tokens.erase_failed', error));
    });
  }

  /** Creates a token. Throws members_only for a guest, limit_reached, session_ended. */
  async create(
    actor: Actor,
    { label, scopes, expiresInMs }: RouteBody<'tokens.create'>,
  ): Promise<RouteReply<'tokens.create'>> {
    const [user] = await this.users.find([actor.userId]);
    if (user?.kind === 'guest') throw new DomainError('members_only');
    const secret = apiTokenPrefix + randomBytes(32).toString('base64url');
    const { userId, sessionId } = actor;
    const token = { id: uuidv7(), userId, sessionId, hash: hashOf(secret), label, scopes: [...new Set(scopes)] };
    const row = await this.tokens.create({ ...token, expiresInMs }, wire.apiTokens);
    if (row === 'ended') throw new DomainError('session_ended');
    if (row === 'limit') throw new DomainError('limit_reached');
    return { token: toApiToken(row), secret };
  }

  async list(actor: Actor): Promise<RouteReply<'tokens.list'>> {
    return { items: (await this.tokens.list(actor.userId)).map(toApiToken) };
  }

  /** Revokes a token. Idempotent. Throws not_found. */
  async revoke(actor: Actor, id: string): Promise<ApiToken> {
    const row = await this.tokens.revoke(actor.userId, id);
    if (!row) throw new DomainError('not_found');
    this.#usedAt.delete(id);
    return toApiToken(row);
  }

  /** Returns the actor and the scopes of a token's secret. Throws unauthenticated. */
  async verify(secret: string): Promise<{ actor: Omit<Actor, 'requestId'>; scopes: readonly Scope[] }> {
    const row = await this.tokens.findLive(hashOf(secret));
    if (!row) throw new DomainError('unauthenticated');
    this.#used(row.id);
    return { actor: { userId: row.user_id, sessionId: row.id }, scopes: row.scopes };
  }

  #used(id: string): void {
    const now = Date.now();
    if (now - (this.#usedAt.get(id) ?? 0) < limits.tokenUseIntervalMs) return;
    // Cleared as a whole: forgetting a use costs one extra write.
    if (this.#usedAt.size > 10_000) this.#usedAt.clear();
    this.#usedAt.set(id, now);
    this.tokens.markUsed(id).catch((error: unknown) => log.error('api_tokens.mark_failed', error));
  }
}

function toApiToken(row: ApiTokenEntity): ApiToken {
  return {
    id: row.id,
    label: row.label,
    scopes: row.scopes,
    createdAt: boundedTime(row.created_at),
    ...(row.expires_at && { expiresAt: boundedTime(row.expires_at) }),
    ...(row.last_used_at && { lastUsedAt: boundedTime(row.last_used_at) }),
  };
}
