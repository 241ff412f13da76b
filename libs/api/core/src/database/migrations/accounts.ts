import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members: a name and a password on the row that the guest was. */
export class Accounts1790000007000 implements MigrationInterface {
  readonly name = 'Accounts1790000007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table users
        -- What signs in, and what may not be taken again: without case, and as it looks (UTS #39).
        add column username_key text,
        add column username_skeleton text,
        -- argon2id, with its parameters and its salt.
        add column password_hash text;
      create unique index users_username_key on users (username_key) where username_key is not null;
      create unique index users_username_skeleton on users (username_skeleton) where username_skeleton is not null;

      -- Makes the guest a member in place. The verdict is registered, taken, or member where a name is there already;
      -- no row for a user that is gone.
      create function user_register_v1(p_user uuid, p_username text, p_key text, p_skeleton text, p_hash text)
      returns table (verdict text, rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer)
      language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_kind text;
        v_rev bigint;
        v_verdict text := 'registered';
      begin
        select u.kind into v_kind from users u where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        if v_kind <> 'guest' then
          v_verdict := 'member';
        else
          begin
            v_rev := personal_bump_v1(p_user);
            update users u set kind = 'member', username = p_username, username_key = p_key, username_skeleton = p_skeleton,
              password_hash = p_hash, tag = null, profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
          exception when unique_violation then
            v_verdict := 'taken';
            v_rev := null;
          end;
        end if;
        return query select v_verdict, v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
          from users u where u.id = p_user;
      end
      $$;

      -- Ways back in without a password, each good for once; only their hashes.
      create table recovery_codes (
        code_hash bytea primary key,
        user_id uuid not null references users (id),
        created_at timestamptz not null default now()
      );
      create index recovery_codes_user on recovery_codes (user_id);

      -- Uses a code up. With a password it becomes the user's. No row for a code that is none, or was used.
      create function recovery_use_v1(p_code bytea, p_hash text)
      returns table (user_id uuid, password_hash text) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_user uuid;
      begin
        delete from recovery_codes c where c.code_hash = p_code returning c.user_id into v_user;
        if not found then
          return;
        end if;
        return query update users u set password_hash = coalesce(p_hash, u.password_hash)
          where u.id = v_user and u.anonymised_at is null returning u.id, u.password_hash;
      end
      $$;

      -- Signs a user in on another device. No row for a user that is gone, or whose password is another by now.
      create function session_begin_v1(p_session uuid, p_user uuid, p_hash text, p_label text, p_ms bigint)
      returns table (rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer)
      language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_rev bigint;
      begin
        perform 1 from users u
        where u.id = p_user and u.anonymised_at is null and u.password_hash is not distinct from p_hash for no key update;
        if not found then
          return;
        end if;
        v_rev := personal_bump_v1(p_user);
        insert into sessions (id, user_id, label, expires_at, feed_rev)
        values (p_session, p_user, p_label, clock_timestamp() + p_ms * interval '1 millisecond', v_rev);
        update users u set last_seen_at = clock_timestamp() where u.id = p_user;
        return query select v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
          from users u where u.id = p_user;
      end
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
