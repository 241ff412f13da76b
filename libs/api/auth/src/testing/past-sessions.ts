import type { TestDatabase } from '@cloudhop/api/database/testing';
import type { Grant } from '../sessions.service';

/** Runs `work` `count` times concurrently. */
export function times<T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => work(i)));
}

/** Returns the id of a grant's session. */
export function sessionOf(grant: Grant): string {
  return grant.refreshToken.split('.')[0]!;
}

/** Moves everything that happened in a session, and when its user was seen, into the past by an SQL interval. */
export async function age(database: TestDatabase, grant: Grant, by: string): Promise<void> {
  await database.query(
    `update sessions set last_used_at = last_used_at - $2::interval, expires_at = expires_at - $2::interval,
       presentations = array(select p.at - $2::interval from unnest(presentations) with ordinality as p(at, i) order by p.i)
     where id = $1`,
    [sessionOf(grant), by],
  );
  await database.query('update users set last_seen_at = last_seen_at - $2::interval where id = $1', [
    grant.session.user.id,
    by,
  ]);
}
