import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people see of each other: receipts, last seen, groups; and how much of a conversation one wants to hear. */
export class TogetherTables1790000012000 implements MigrationInterface {
  readonly name = 'TogetherTables1790000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table conversations
        add column color text,
        -- Groups: who made it, so that a repeat is known as one.
        add column created_by uuid;
      create index conversations_made on conversations (created_by, created_at) where created_by is not null;

      alter table memberships
        add column notices text check (notices in ('all', 'mentions', 'none')),
        add column quiet_until timestamptz,
        -- What the member read and let others know of: it stands still while they don't.
        add column shown_seq bigint not null default 0,
        -- The highest seq that one of the member's devices has got.
        add column delivered_seq bigint not null default 0,
        add column invited_by uuid,
        -- What the invitation said when it was made: title, colour, who and when. It stays as it was sent.
        add column invitation jsonb,
        add column joined_at timestamptz;
      create index memberships_invited on memberships (invited_by) where state = 'invited';

      alter table personal_settings
        add column appears_offline boolean not null default false,
        add column shows_last_seen boolean not null default true,
        add column sends_receipts boolean not null default true;

      -- When somebody was last seen to be here. Narrow, as it is written every few minutes.
      create table last_seen (
        user_id uuid primary key,
        at timestamptz not null
      ) with (fillfactor = 50);

      create or replace view conversation_states_v1 as
        select c.id, c.kind, c.title, c.slug, c.slow_mode_ms, c.retention_ms, c.settings_rev,
          h.seq, h.rev, h.floor_seq, h.floor_rev, h.last_at, c.direct_low, c.direct_high, c.color
        from conversations c join conversation_heads h on h.conversation_id = c.id;

      -- Unread messages that may name their reader: who they are named by is looked at outside. Null for none.
      create function naming_v1(p_conversation uuid, p_user uuid, p_read bigint, p_head bigint, p_window integer)
      returns json language sql stable as $$
        select json_agg(json_build_object('seq', m.seq, 'body', m.body) order by m.seq) from messages m
        where m.conversation_id = p_conversation and m.seq > greatest(p_read, p_head - p_window)
          and m.author_id <> p_user and m.body ~ '[@＠]'
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
