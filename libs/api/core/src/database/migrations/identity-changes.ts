import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What changes users and sessions. Each is one round trip that locks the user, the session and then the personal head,
 * in this order, so that no lock is held over the network and a personal rev is taken only where something is written.
 */
export class IdentityChanges1790000005000 implements MigrationInterface {
  readonly name = 'IdentityChanges1790000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Ends a session; no row when it had ended before.
      create function session_end_v1(p_session uuid, p_reason text)
      returns table (user_id uuid, rev bigint) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_user uuid;
        v_rev bigint;
      begin
        select s.user_id into v_user from sessions s where s.id = p_session and s.ended_at is null for no key update;
        if not found then
          return;
        end if;
        v_rev := personal_bump_v1(v_user);
        update sessions s set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = v_rev where s.id = p_session;
        return query select v_user, v_rev;
      end
      $$;

      -- Gives a user a name; rev is null when it had the name already. No row for a user that is gone.
      create function user_rename_v1(p_user uuid, p_name text)
      returns table (rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer)
      language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_name text;
        v_rev bigint;
      begin
        select u.display_name into v_name from users u
        where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        if v_name is distinct from p_name then
          v_rev := personal_bump_v1(p_user);
          update users u set display_name = p_name, profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
        end if;
        return query select v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
          from users u where u.id = p_user;
      end
      $$;

      -- Forgets guests who were not seen for so long and can't come back: at most p_limit of them. Answers how many,
      -- or null while another node does it.
      create function guests_anonymise_v1(p_unseen_ms bigint, p_limit integer)
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
          select u.id from users u
          where u.kind = 'guest' and u.anonymised_at is null
            and u.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
            and not exists (select from sessions s where s.user_id = u.id and s.ended_at is null and s.expires_at > now())
          order by u.last_seen_at limit p_limit
          for no key update of u skip locked
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
