import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What makes a conversation a room: who finds it, who may speak, how one comes in; and what is pinned anywhere. */
export class RoomTables1790000015000 implements MigrationInterface {
  readonly name = 'RoomTables1790000015000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table conversations
        add column topic text,
        add column visibility text check (visibility in ('public', 'unlisted', 'private')),
        add column guest_access text check (guest_access in ('write', 'read', 'none')),
        add column is_announcement boolean not null default false,
        add column archived_at timestamptz,
        -- What the name begins with, as people look for it; and what the slug looks like (UTS #39).
        add column name_key text,
        add column slug_skeleton text;
      create index conversations_name on conversations (name_key text_pattern_ops)
        where visibility = 'public' and archived_at is null;

      -- A private slug is nobody's business: it takes none away from the others.
      drop index conversations_slug;
      create unique index conversations_slug on conversations (slug) where visibility is distinct from 'private' and slug is not null;
      create unique index conversations_slug_skeleton on conversations (slug_skeleton) where visibility is distinct from 'private' and slug_skeleton is not null;
      create unique index conversations_private_slug on conversations (slug) where visibility = 'private';
      -- By which an address is looked up, whoever asks.
      create index conversations_by_slug on conversations (slug) where slug is not null;

      -- When something was said last, for sorting; written every ten seconds, never with the head.
      create table room_activity (
        conversation_id uuid primary key,
        at timestamptz not null
      ) with (fillfactor = 70);
      create index room_activity_at on room_activity (at desc, conversation_id desc);

      create table room_invites (
        id uuid primary key,
        conversation_id uuid not null,
        -- SHA-256 of the secret in the link.
        token_hash bytea not null unique,
        created_by uuid not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        max_uses integer,
        uses integer not null default 0,
        revoked_at timestamptz
      );
      create index room_invites_conversation on room_invites (conversation_id, created_at);

      alter table messages
        add column pinned_at timestamptz;
      create index messages_pinned on messages (conversation_id, pinned_at) where pinned_at is not null;

      create or replace view message_states_v1 as
        select m.conversation_id, m.seq, m.id, m.author_id, greatest(m.rev, r.rev) as rev, m.body,
          m.created_at, m.edited_at, m.deleted_at, r.reactions, m.pinned_at
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

      create or replace view conversation_states_v1 as
        select c.id, c.kind, c.title, c.slug, c.slow_mode_ms, c.retention_ms, c.settings_rev,
          h.seq, h.rev, h.floor_seq, h.floor_rev, h.last_at, c.direct_low, c.direct_high, c.color,
          c.topic, c.visibility, c.guest_access, c.is_announcement, c.archived_at, c.member_count
        from conversations c join conversation_heads h on h.conversation_id = c.id;

      -- API tokens of members and bots; only their hashes. They end with the account.
      create table api_tokens (
        id uuid primary key,
        user_id uuid not null references users (id),
        token_hash bytea not null unique,
        label text not null,
        scopes text[] not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz
      );
      create index api_tokens_user on api_tokens (user_id) where revoked_at is null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
