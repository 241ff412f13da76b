import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who people are: users, their sessions, and the head of each personal feed. */
export class Identity1790000000000 implements MigrationInterface {
  readonly name = 'Identity1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table users (
        id uuid primary key,
        kind text not null check (kind in ('guest', 'member', 'bot')),
        display_name text,
        tag text check (tag ~ '^[0-9a-f]{6}$'),
        username text,
        -- Counts changes of what others see; feed_rev is the personal rev of the latest one.
        profile_rev integer not null default 1,
        feed_rev bigint not null default 0,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        anonymised_at timestamptz
      );
      create unique index users_tag on users (tag) where tag is not null;
      create unique index users_username on users (username) where username is not null;
      create index users_last_seen_guests on users (last_seen_at) where kind = 'guest' and anonymised_at is null;

      create table sessions (
        id uuid primary key,
        user_id uuid not null references users (id),
        label text not null default '',
        -- The highest refresh token that was presented, and when the latest ones were, newest first.
        presented integer not null default 0,
        presentations timestamptz[] not null default '{}',
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now(),
        expires_at timestamptz not null,
        ended_at timestamptz,
        end_reason text,
        feed_rev bigint not null default 0
      );
      create index sessions_user on sessions (user_id);

      -- The head of a personal feed: narrow, updated in place, and the lock of that feed.
      create table personal_heads (
        user_id uuid primary key,
        rev bigint not null default 0
      ) with (fillfactor = 50);

      create function personal_bump_v1(p_user uuid) returns bigint language sql volatile as $$
        insert into personal_heads (user_id, rev) values (p_user, 1)
        on conflict (user_id) do update set rev = personal_heads.rev + 1
        returning rev
      $$;

      -- Which timeline of the database this is: a restored backup or a promoted copy makes a new epoch.
      create table timelines (
        only_row boolean primary key default true check (only_row),
        epoch uuid not null default gen_random_uuid(),
        system_identifier text not null,
        timeline text not null
      );

      create function epoch_v1() returns uuid language plpgsql volatile as $$
      declare
        v_system text := (select c.system_identifier::text from pg_control_system() c);
        v_timeline text := left(pg_walfile_name(pg_current_wal_lsn()), 8);
        v_epoch uuid;
      begin
        select t.epoch into v_epoch from timelines t where t.system_identifier = v_system and t.timeline = v_timeline;
        if found then
          return v_epoch;
        end if;
        insert into timelines as t (system_identifier, timeline) values (v_system, v_timeline)
        on conflict (only_row) do update
          set epoch = gen_random_uuid(), system_identifier = v_system, timeline = v_timeline
          where t.system_identifier <> v_system or t.timeline <> v_timeline;
        select t.epoch into v_epoch from timelines t;
        return v_epoch;
      end
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
