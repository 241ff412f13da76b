import { Database } from '@cloudhop/api/database';
import { Injectable } from '@nestjs/common';

/** Times at which users were last seen. */
@Injectable()
export class LastSeenRepository {
  constructor(private readonly database: Database) {}

  /** Returns the times at which those users were last seen who show it. */
  async find(userIds: readonly string[]): Promise<{ userId: string; at: Date }[]> {
    return this.database.prepared<{ userId: string; at: Date }>(
      'personal_last_seen',
      `select l.user_id as "userId", l.at from last_seen l left join personal_settings s on s.user_id = l.user_id
       where l.user_id = any ($1::uuid[]) and coalesce(s.shows_last_seen, true)`,
      [userIds],
    );
  }

  /** Returns the ids of those users who show when they were last seen. */
  async showing(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.prepared<{ id: string }>(
      'personal_showing_last_seen',
      `select u.id from unnest($1::uuid[]) as u(id) left join personal_settings s on s.user_id = u.id
       where coalesce(s.shows_last_seen, true)`,
      [userIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Writes the current time for those of the users who have friends; others can't see it. */
  async write(userIds: readonly string[]): Promise<void> {
    await this.database.query(
      `insert into last_seen (user_id, at) select u.id, clock_timestamp() from unnest($1::uuid[]) as u(id)
       where exists (select from friendships f where f.user_id = u.id and f.state = 'friend') order by u.id
       on conflict (user_id) do update set at = greatest(last_seen.at, excluded.at)`,
      [userIds],
    );
  }
}
