import { Database } from '@cloudhop/api/core';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import type { UserRow } from './user-mapping';
import { UserEntity } from './user.entity';

export interface Renamed extends UserRow {
  /** The personal rev of the change; absent when the name was the same. */
  rev: number | null;
}

export interface Registered extends UserRow {
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
  async rename(userId: string, displayName: string): Promise<Renamed | undefined> {
    const [row] = await this.database.query<Renamed>(
      'select rev, id, kind, display_name, tag, username, profile_rev from user_rename_v1($1, $2)',
      [userId, displayName],
    );
    return row;
  }

  /** Makes a guest a member in place. Nothing for a user that is gone. */
  async register(userId: string, name: NewName): Promise<Registered | undefined> {
    const [row] = await this.database.query<Registered>('select * from user_register_v1($1, $2, $3, $4, $5)', [
      userId,
      name.username,
      name.key,
      name.skeleton,
      name.passwordHash,
    ]);
    return row;
  }

  /** Whom a username names, and what the password is compared with. */
  async findCredentials(key: string): Promise<Credentials | undefined> {
    const [row] = await this.database.query<Credentials>(
      `select id, username_key as key, password_hash as "passwordHash" from users
       where username_key = $1 and anonymised_at is null and password_hash is not null`,
      [key],
    );
    return row;
  }

  async findOwnCredentials(userId: string): Promise<Credentials | undefined> {
    const [row] = await this.database.query<Credentials>(
      `select id, username_key as key, password_hash as "passwordHash" from users
       where id = $1 and anonymised_at is null and password_hash is not null`,
      [userId],
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
  async findByRecoveryCode(hash: Buffer): Promise<{ id: string; kind: string; key: string | null } | undefined> {
    const [row] = await this.database.query<{ id: string; kind: string; key: string | null }>(
      `select u.id, u.kind, u.username_key as key from recovery_codes c join users u on u.id = c.user_id
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

  /** Forgets up to `limit` guests who were not seen for so long. Nothing while another node is at it. */
  async anonymiseGuests(unseenMs: number, limit: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ count: number | null }>('select guests_anonymise_v1($1, $2) as count', [
      unseenMs,
      limit,
    ]);
    return row?.count ?? undefined;
  }
}
