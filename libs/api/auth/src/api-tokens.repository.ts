import { Database } from '@cloudhop/api/core';
import type { Scope } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';

export interface ApiTokenRow {
  id: string;
  user_id: string;
  label: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

export interface NewApiToken {
  id: string;
  userId: string;
  hash: Buffer;
  label: string;
  scopes: readonly Scope[];
  /** From now on the database's clock. */
  expiresInMs: number | undefined;
}

const columns = 't.id, t.user_id, t.label, t.scopes, t.created_at, t.expires_at, t.last_used_at';
/** Neither revoked nor too old. */
const isLive = 't.revoked_at is null and coalesce(t.expires_at > clock_timestamp(), true)';

@Injectable()
export class ApiTokensRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Nothing for a guest, or for whoever has `most` already. */
  async create({ id, userId, hash, label, scopes, expiresInMs }: NewApiToken, most: number) {
    const [row] = await this.database.query<ApiTokenRow>(
      `with owner as materialized (
         select u.id from users u where u.id = $2 and u.kind <> 'guest' and u.anonymised_at is null for no key update
       )
       insert into api_tokens as t (id, user_id, token_hash, label, scopes, expires_at)
       select $1, owner.id, $3, $4, $5::text[], clock_timestamp() + $6::bigint * interval '1 millisecond' from owner
       where (select count(*) from api_tokens t where t.user_id = $2 and ${isLive}) < $7
       returning ${columns}`,
      [id, userId, hash, label, scopes, expiresInMs ?? null, most],
    );
    return row;
  }

  async list(userId: string): Promise<ApiTokenRow[]> {
    return this.database.query<ApiTokenRow>(
      `select ${columns} from api_tokens t where t.user_id = $1 and ${isLive} order by t.created_at desc, t.id`,
      [userId],
    );
  }

  /** Whom a token stands for, and what for; nothing for one that has ended, or whose account has. */
  async findLive(hash: Buffer): Promise<ApiTokenRow | undefined> {
    const [row] = await this.database.prepared<ApiTokenRow>(
      'auth_api_token',
      `select ${columns} from api_tokens t join users u on u.id = t.user_id
       where t.token_hash = $1 and ${isLive} and u.anonymised_at is null`,
      [hash],
    );
    return row;
  }

  async revoke(userId: string, id: string): Promise<ApiTokenRow | undefined> {
    const [row] = await this.database.query<ApiTokenRow>(
      `update api_tokens t set revoked_at = coalesce(t.revoked_at, clock_timestamp())
       where t.id = $2 and t.user_id = $1 returning ${columns}`,
      [userId, id],
    );
    return row;
  }

  async markUsed(id: string): Promise<void> {
    await this.database.query('update api_tokens set last_used_at = clock_timestamp() where id = $1', [id]);
  }

  /** Tokens of accounts that are no more. */
  async eraseOfGone(): Promise<void> {
    await this.database.query(
      'delete from api_tokens t using users u where u.id = t.user_id and u.anonymised_at is not null',
    );
  }
}
