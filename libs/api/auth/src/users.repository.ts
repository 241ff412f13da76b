import { type AvatarColor, limits as wire } from '@cloudhop/contracts';
import { Database } from '@cloudhop/api/core';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import type { ToldRow } from './personal-news';
import type { SessionEnd } from './session.entity';
import type { UserRow } from './user-mapping';
import { UserEntity } from './user.entity';

export interface ProfileVerdict {
  verdict: 'changed' | 'same' | 'refused';
  retryAfterMs: number | null;
  /** The personal rev of the change. */
  rev: number | null;
  author: UserRow;
}

export interface Registered {
  verdict: 'registered' | 'taken' | 'member';
  rev: number | null;
}

export interface NewName {
  username: string;
  key: string;
  skeleton: string;
  passwordHash: string;
}

export interface Credentials {
  id: string;
  key: string;
  passwordHash: string;
}

const dayMs = 24 * 3_600_000;

@Injectable()
export class UsersRepository {
  constructor(
    @Inject(Database) private readonly database: Database,
    @InjectRepository(UserEntity) private readonly users: Repository<UserEntity>,
  ) {}

  find(ids: readonly string[]): Promise<UserEntity[]> {
    return this.users.findBy({ id: In(ids) });
  }

  /** Nothing for a user that is gone. */
  async changeProfile(userId: string, name?: string, color?: AvatarColor): Promise<ProfileVerdict | undefined> {
    const [row] = await this.database.retrying(() =>
      this.database.query<ProfileVerdict>(
        `select verdict, retry_after_ms as "retryAfterMs", rev, author from profile_change_v1($1, $2, $3, $4, $5, $6)`,
        [userId, name ?? null, color ?? null, wire.guestNames, wire.memberNamesPerDay, dayMs],
      ),
    );
    return row;
  }

  /** Forgets who a user was. Answers what it told; nothing of a user that is gone already. */
  forget(userId: string, reason: SessionEnd): Promise<ToldRow[]> {
    return this.database.retrying(() =>
      this.database.query<ToldRow>('select * from user_forget_v1($1, $2)', [userId, reason]),
    );
  }

  /** The names that a member gave up within the time, the latest first. */
  formerNames(userId: string, withinMs: number, limit: number): Promise<{ name: string; until: Date }[]> {
    return this.database.query<{ name: string; until: Date }>(
      `select n.name, n.until from former_names n join users u on u.id = n.user_id
       where n.user_id = $1 and u.kind <> 'guest' and n.name is not null and n.until > now() - $2 * interval '1 millisecond'
       order by n.until desc limit $3`,
      [userId, withinMs, limit],
    );
  }

  /** The user with this username, and since when there is one. */
  async findByUsername(key: string): Promise<UserEntity | undefined> {
    const [row] = await this.database.query<{ id: string }>(
      'select id from users where username_key = $1 and anonymised_at is null',
      [key],
    );
    return row && (await this.find([row.id]))[0];
  }

  /** Makes a guest a member in place. Nothing for a user that is gone. */
  async register(userId: string, name: NewName): Promise<Registered | undefined> {
    const [row] = await this.database.query<Registered>(
      'select verdict, rev from user_register_v1($1, $2, $3, $4, $5)',
      [userId, name.username, name.key, name.skeleton, name.passwordHash],
    );
    return row;
  }

  /** Whom a username names, and what the password is compared with. */
  findCredentials(key: string): Promise<Credentials | undefined> {
    return this.#credentials('username_key = $1', key);
  }

  findOwnCredentials(userId: string): Promise<Credentials | undefined> {
    return this.#credentials('id = $1', userId);
  }

  async #credentials(condition: string, value: string): Promise<Credentials | undefined> {
    const [row] = await this.database.query<Credentials>(
      `select id, username_key as key, password_hash as "passwordHash" from users
       where ${condition} and anonymised_at is null and password_hash is not null`,
      [value],
    );
    return row;
  }

  /** Whether a username, or one that looks like it, belongs to somebody. */
  async isTaken(key: string, skeleton: string): Promise<boolean> {
    const rows = await this.database.query('select 1 from users where username_key = $1 or username_skeleton = $2', [
      key,
      skeleton,
    ]);
    return rows.length > 0;
  }

  /** Gives a user these recovery codes instead of the ones before. */
  async replaceRecoveryCodes(userId: string, hashes: readonly Buffer[]): Promise<void> {
    await this.database.query(
      `with gone as (delete from recovery_codes where user_id = $1)
       insert into recovery_codes (code_hash, user_id) select unnest($2::bytea[]), $1`,
      [userId, hashes],
    );
  }

  /** Whose a recovery code is. */
  async findByRecoveryCode(hash: Buffer): Promise<{ key: string | null } | undefined> {
    const [row] = await this.database.query<{ key: string | null }>(
      `select u.username_key as key from recovery_codes c join users u on u.id = c.user_id
       where c.code_hash = $1 and u.anonymised_at is null`,
      [hash],
    );
    return row;
  }

  /** Uses a code up, with a password for who has one. Nothing when somebody was first. */
  async useRecoveryCode(
    hash: Buffer,
    passwordHash?: string,
  ): Promise<{ id: string; passwordHash: string | null } | undefined> {
    const [row] = await this.database.query<{ id: string; passwordHash: string | null }>(
      'select user_id as id, password_hash as "passwordHash" from recovery_use_v1($1, $2)',
      [hash, passwordHash ?? null],
    );
    return row;
  }

  /** False when the password is another by now. */
  async changePassword(userId: string, before: string, after: string): Promise<boolean> {
    const rows = await this.database.query(
      'update users set password_hash = $3 where id = $1 and password_hash = $2 and anonymised_at is null returning id',
      [userId, before, after],
    );
    return rows.length > 0;
  }

  /** Forgets one guest who was not seen for so long and can't come back. Answers what it told; nothing of nobody. */
  forgetUnseenGuest(unseenMs: number): Promise<ToldRow[]> {
    return this.database.retrying(() => this.database.query<ToldRow>('select * from guest_forget_v1($1)', [unseenMs]));
  }
}
