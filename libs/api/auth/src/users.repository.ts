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

  /** Forgets up to `limit` guests who were not seen for so long. Nothing while another node is at it. */
  async anonymiseGuests(unseenMs: number, limit: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ count: number | null }>('select guests_anonymise_v1($1, $2) as count', [
      unseenMs,
      limit,
    ]);
    return row?.count ?? undefined;
  }
}
