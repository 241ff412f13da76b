import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The sweep takes personal heads in the order of user ids, as read marks do: by last sight, each of the two could hold
 * what the other waited for.
 */
export class GuestSweepOrder1790000006000 implements MigrationInterface {
  readonly name = 'GuestSweepOrder1790000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function guests_anonymise_v1(p_unseen_ms bigint, p_limit integer)
      returns integer language plpgsql volatile as $$
      declare
        v_user uuid;
        v_rev bigint;
        v_count integer := 0;
      begin
        if not pg_try_advisory_xact_lock(hashtextextended('guests_anonymise', 0)) then
          return null;
        end if;
        for v_user in
          select x.id from (
            select u.id from users u
            where u.kind = 'guest' and u.anonymised_at is null
              and u.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
              and not exists (select from sessions s where s.user_id = u.id and s.ended_at is null and s.expires_at > now())
            order by u.last_seen_at limit p_limit
            for no key update of u skip locked
          ) x order by x.id
        loop
          perform from sessions s where s.user_id = v_user and s.ended_at is null for no key update;
          v_rev := personal_bump_v1(v_user);
          update sessions s set ended_at = now(), end_reason = 'expired', feed_rev = v_rev
          where s.user_id = v_user and s.ended_at is null;
          update users u set display_name = null, tag = null, anonymised_at = now(),
            profile_rev = u.profile_rev + 1, feed_rev = v_rev
          where u.id = v_user;
          v_count := v_count + 1;
        end loop;
        return v_count;
      end
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
