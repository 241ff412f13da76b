import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How people stand to each other, and what is theirs alone: friends, blocks, drafts, settings, direct conversations. */
export class PeopleTables1790000008000 implements MigrationInterface {
  readonly name = 'PeopleTables1790000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table users
        add column avatar_color text,
        -- Keyed hash of the address that a guest came from last; a member's goes with the next refresh.
        add column address_key text;

      -- Every name somebody gave up. A guest's are counted, a member's are counted and shown.
      create table former_names (
        user_id uuid not null,
        until timestamptz not null,
        name text,
        primary key (user_id, until)
      );

      alter table conversations
        -- The two of a direct conversation, the lower id first; with oneself both are the same.
        add column direct_low uuid,
        add column direct_high uuid,
        add constraint conversations_direct check ((kind = 'direct') = (direct_low is not null) and (kind = 'direct') = (direct_high is not null));
      create unique index conversations_pair on conversations (direct_low, direct_high) where direct_low is not null;

      alter table memberships
        -- Up to here the member deleted the conversation for themselves.
        add column cleared_seq bigint not null default 0,
        -- Put away until a message above this seq comes.
        add column archived_seq bigint,
        add column pinned_at timestamptz,
        -- Direct: the member has written here, so the other may answer, whatever the member's settings say.
        add column has_written boolean not null default false;

      -- One row for each side. A row that says none is what a sync tells of an end.
      create table friendships (
        user_id uuid not null,
        other_id uuid not null,
        state text not null check (state in ('none', 'sent', 'received', 'friend')),
        note text,
        at timestamptz not null,
        -- Who was declined waits before asking again.
        declined_at timestamptz,
        feed_rev bigint not null,
        primary key (user_id, other_id)
      );
      create index friendships_rev on friendships (user_id, feed_rev);

      create table blocks (
        user_id uuid not null,
        other_id uuid not null,
        level text not null check (level in ('none', 'muted', 'blocked')),
        -- Of a guest: new guests from there count as blocked too, for a day.
        address_key text,
        at timestamptz not null,
        feed_rev bigint not null,
        primary key (user_id, other_id)
      );
      create index blocks_rev on blocks (user_id, feed_rev);
      create index blocks_other on blocks (other_id) where level = 'blocked';
      create index blocks_address on blocks (user_id, address_key) where address_key is not null;

      create table drafts (
        user_id uuid not null,
        conversation_id uuid not null,
        -- Empty: there was one.
        body text not null,
        feed_rev bigint not null,
        primary key (user_id, conversation_id)
      );
      create index drafts_rev on drafts (user_id, feed_rev);

      create table personal_settings (
        user_id uuid primary key,
        who_may_message text not null default 'friends' check (who_may_message in ('friends', 'rooms', 'anyone')),
        accepts_requests boolean not null default true,
        feed_rev bigint not null
      );

      create or replace function author_json_v1(p_user users) returns json language sql immutable as $$
        select json_build_object('id', p_user.id, 'kind', p_user.kind, 'display_name', p_user.display_name,
          'tag', p_user.tag, 'username', p_user.username, 'profile_rev', p_user.profile_rev, 'avatar_color', p_user.avatar_color)
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
