import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one log: conversations of every kind, their members, messages, keys and reactions. */
export class LogTables1790000001000 implements MigrationInterface {
  readonly name = 'LogTables1790000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table conversations (
        id uuid primary key,
        kind text not null check (kind in ('lobby', 'room', 'match', 'direct', 'group')),
        title text,
        slug text,
        slow_mode_ms integer not null default 0,
        retention_ms bigint,
        -- The rev at which title, slug, slow mode or retention last changed.
        settings_rev bigint not null default 0,
        member_count integer not null default 0,
        created_at timestamptz not null default now()
      );
      create unique index conversations_slug on conversations (slug) where slug is not null;
      create unique index conversations_lobby on conversations (kind) where kind = 'lobby';

      -- The head row is the lock of its conversation. Narrow, half full and with one index only,
      -- so that the update of every commit stays in the page.
      create table conversation_heads (
        conversation_id uuid primary key,
        seq bigint not null default 0,
        rev bigint not null default 0,
        floor_seq bigint not null default 0,
        floor_rev bigint not null default 0,
        last_at timestamptz
      ) with (fillfactor = 50);

      -- In the lobby only exceptions are written: bans, mutes, moderators.
      create table memberships (
        conversation_id uuid not null,
        user_id uuid not null,
        role text not null default 'member' check (role in ('owner', 'moderator', 'member')),
        state text not null check (state in ('joined', 'left', 'banned', 'invited')),
        muted_until timestamptz,
        read_seq bigint not null default 0,
        -- The conversation's rev, and the user's personal rev, at which this row last changed.
        rev bigint not null default 0,
        feed_rev bigint not null default 0,
        primary key (conversation_id, user_id)
      );
      create index memberships_user on memberships (user_id, conversation_id);
      create index memberships_rev on memberships (conversation_id, rev);

      create table messages (
        conversation_id uuid not null,
        seq bigint not null,
        id uuid not null,
        author_id uuid not null,
        rev bigint not null,
        -- Empty in a tombstone.
        body text not null,
        created_at timestamptz not null,
        edited_at timestamptz,
        deleted_at timestamptz,
        primary key (conversation_id, seq)
      );
      create index messages_rev on messages (conversation_id, rev);

      -- Idempotency: every id that made or changed a message, kept longer than its text.
      create table message_keys (
        conversation_id uuid not null,
        id uuid not null,
        seq bigint not null,
        author_id uuid not null,
        is_edit boolean not null,
        created_at timestamptz not null,
        primary key (conversation_id, id)
      );
      create index message_keys_age on message_keys using brin (created_at);

      -- A reaction that was taken off stays as a row with a rev, so that a sync can tell.
      create table reactions (
        conversation_id uuid not null,
        seq bigint not null,
        user_id uuid not null,
        emoji text collate "C" not null,
        is_on boolean not null,
        rev bigint not null,
        primary key (conversation_id, seq, user_id, emoji)
      );
      create index reactions_rev on reactions (conversation_id, rev);

      -- When an author last wrote where slow mode is on; nowhere else.
      create table slow_marks (
        conversation_id uuid not null,
        user_id uuid not null,
        last_at timestamptz not null,
        primary key (conversation_id, user_id)
      );

      -- A message with its reactions: one unit, whose rev is the greater of both.
      create view message_states_v1 as
        select m.conversation_id, m.seq, m.id, m.author_id, greatest(m.rev, r.rev) as rev, m.body,
          m.created_at, m.edited_at, m.deleted_at, r.reactions
        from messages m
        left join lateral (
          select max(e.rev) as rev,
            json_agg(json_build_object('emoji', e.emoji, 'count', e.count)) filter (where e.count > 0) as reactions
          from (
            select x.emoji, max(x.rev) as rev, count(*) filter (where x.is_on) as count
            from reactions x
            where x.conversation_id = m.conversation_id and x.seq = m.seq
            group by x.emoji
            order by x.emoji
          ) e
        ) r on true;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
