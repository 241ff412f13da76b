import { Database, columnsOf, selectList } from '@cloudhop/api/database';
import type { Scope } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, MoreThan, Or, type Repository } from 'typeorm';
import { ApiTokenEntity } from './api-token.entity';

export interface NewApiToken {
  id: string;
  userId: string;
  /** Session of the request. */
  sessionId: string;
  hash: Buffer;
  label: string;
  scopes: readonly Scope[];
  /** From now on the database's clock. */
  expiresInMs: number | undefined;
}

const columns = selectList(
  columnsOf<ApiTokenEntity>()(
    'id',
    'user_id',
    'label',
    'scopes',
    'created_at',
    'expires_at',
    'last_used_at',
    'revoked_at',
  ),
  't',
);
/** Neither revoked nor too old. */
const isLive = 't.revoked_at is null and coalesce(t.expires_at > clock_timestamp(), true)';

@Injectable()
export class ApiTokensRepository {
  constructor(
    private readonly database: Database,
    @InjectRepository(ApiTokenEntity) private readonly tokens: Repository<ApiTokenEntity>,
  ) {}

  /**
   * Creates a token and returns it. Returns "limit" if the user has `maxTokens` already, "ended" if the session has ended
   * or the user is a guest. Locks the user, so that concurrent calls don't exceed the limit, and the session, so that a
   * password change that ends it leaves no token behind.
   */
  async create(
    { id, userId, sessionId, hash, label, scopes, expiresInMs }: NewApiToken,
    maxTokens: number,
  ): Promise<ApiTokenEntity | 'limit' | 'ended'> {
    const [row] = await this.database.query<ApiTokenEntity & { isOwner: boolean }>(
      `with owner as materialized (
         select u.id from users u where u.id = $2 and u.kind <> 'guest' and u.anonymised_at is null for no key update
       ), session as materialized (
         select s.user_id as id from owner join sessions s on s.user_id = owner.id
         where s.id = $8 and s.ended_at is null for share of s
       ), made as (
         insert into api_tokens as t (id, user_id, token_hash, label, scopes, expires_at)
         select $1, session.id, $3, $4, $5::text[], clock_timestamp() + $6::bigint * interval '1 millisecond' from session
         where (select count(*) from api_tokens t where t.user_id = $2 and ${isLive}) < $7
         returning ${columns}
       )
       select made.*, exists (select from session) as "isOwner" from (select) one left join made on true`,
      [id, userId, hash, label, scopes, expiresInMs ?? null, maxTokens, sessionId],
    );
    const { isOwner, ...token } = row!;
    if (!isOwner) return 'ended';
    return token.id === null ? 'limit' : token;
  }

  /** Returns the user's tokens that can still be used, the latest first. */
  list(userId: string): Promise<ApiTokenEntity[]> {
    return this.tokens.find({
      where: { user_id: userId, revoked_at: IsNull(), expires_at: Or(IsNull(), MoreThan(new Date())) },
      order: { created_at: 'DESC', id: 'ASC' },
    });
  }

  /** Finds a token by the hash of its secret; nothing for one that has ended, or whose account has. */
  async findLive(hash: Buffer): Promise<ApiTokenEntity | undefined> {
    const [row] = await this.database.prepared<ApiTokenEntity>(
      'auth_api_token',
      `select ${columns} from api_tokens t join users u on u.id = t.user_id
       where t.token_hash = $1 and ${isLive} and u.anonymised_at is null`,
      [hash],
    );
    return row;
  }

  /** Revokes a token of the user, and returns it; nothing for anybody else's. One that was revoked stays as it is. */
  async revoke(userId: string, id: string): Promise<ApiTokenEntity | undefined> {
    const own = { id, user_id: userId };
    await this.tokens.update({ ...own, revoked_at: IsNull() }, { revoked_at: () => 'clock_timestamp()' });
    return (await this.tokens.findOneBy(own)) ?? undefined;
  }

  /** Records that a token was used now. */
  async markUsed(id: string): Promise<void> {
    await this.tokens.update({ id }, { last_used_at: () => 'clock_timestamp()' });
  }

  /** Erases the tokens of deleted accounts. */
  async eraseOfGone(): Promise<void> {
    await this.database.query(
      'delete from api_tokens t using users u where u.id = t.user_id and u.anonymised_at is not null',
    );
  }
}
