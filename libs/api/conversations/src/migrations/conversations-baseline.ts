import { ForwardMigration } from '@cloudhop/api/database';

/** Tables of conversations of every kind: members, messages, keys, reactions, drafts, search and link previews. */
export class ConversationsBaseline1800000002000 extends ForwardMigration {
  readonly name = 'ConversationsBaseline1800000002000';
  readonly sql = `
    create table conversations (
      id uuid primary key,
      kind text not null check (kind in ('lobby', 'room', 'match', 'direct', 'group')),
      title text,
      slug text,
      slow_mode_ms integer not null default 0,
      retention_ms bigint,
      -- The rev at which a setting last changed.
      settings_rev bigint not null default 0,
      member_count integer not null default 0,
      created_at timestamptz not null default now(),
      -- The two users of a direct conversation, the lower id first. "Saved" has the same user twice.
      direct_low uuid,
      direct_high uuid,
      color text,
      -- The creator of a group or room, so that a retry is recognised.
      created_by uuid,
      topic text,
      visibility text check (visibility in ('public', 'unlisted', 'private')),
      guest_access text check (guest_access in ('write', 'read', 'none')),
      is_announcement boolean not null default false,
      archived_at timestamptz,
      -- The name as people search for its beginning, and the slug as it looks (UTS #39 skeleton).
      name_key text,
      slug_skeleton text,
      constraint conversations_direct
        check ((kind = 'direct') = (direct_low is not null) and (kind = 'direct') = (direct_high is not null))
    );
    create unique index conversations_lobby on conversations (kind) where kind = 'lobby';
    create unique index conversations_pair on conversations (direct_low, direct_high) where direct_low is not null;
    create index conversations_made on conversations (created_by, created_at) where created_by is not null;
    create index conversations_name on conversations (name_key text_pattern_ops)
      where visibility = 'public' and archived_at is null;
    -- A private slug reserves nothing, else it would reveal that the room exists.
    create unique index conversations_slug on conversations (slug)
      where visibility is distinct from 'private' and slug is not null;
    create unique index conversations_slug_skeleton on conversations (slug_skeleton)
      where visibility is distinct from 'private' and slug_skeleton is not null;
    create unique index conversations_private_slug on conversations (slug) where visibility = 'private';
    -- Lookup of an address, private or not.
    create index conversations_by_slug on conversations (slug) where slug is not null;

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

    -- The lobby has rows for exceptions only: bans, mutes, moderators.
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
      -- The member deleted the conversation for themselves up to here.
      cleared_seq bigint not null default 0,
      -- Archived until a message above this seq arrives.
      archived_seq bigint,
      pinned_at timestamptz,
      -- Direct: the member has written here, so the other may answer, whatever the member's settings say.
      has_written boolean not null default false,
      notices text check (notices in ('all', 'mentions', 'none')),
      quiet_until timestamptz,
      -- The read mark that others may see: it stands still while the member sends no read receipts.
      shown_seq bigint not null default 0,
      -- The highest seq that one of the member's devices has received.
      delivered_seq bigint not null default 0,
      invited_by uuid,
      -- The invitation as it was sent: title, colour, sender and time. Later changes don't show in it.
      invitation jsonb,
      joined_at timestamptz,
      primary key (conversation_id, user_id)
    );
    create index memberships_user on memberships (user_id, conversation_id);
    create index memberships_rev on memberships (conversation_id, rev);
    create index memberships_invited on memberships (invited_by) where state = 'invited';

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
      pinned_at timestamptz,
      reply_to uuid,
      -- The seq of reply_to, resolved when the batch was written.
      reply_seq bigint,
      is_forwarded boolean not null default false,
      -- Belongs to the text as it stands: an edit clears it.
      preview json,
      primary key (conversation_id, seq)
    );
    create index messages_rev on messages (conversation_id, rev);
    create index messages_pinned on messages (conversation_id, pinned_at) where pinned_at is not null;

    -- Replaced texts, each with the time at which it was written. They go with their message.
    create table message_edits (
      conversation_id uuid not null,
      seq bigint not null,
      -- The rev of the edit that replaced the text.
      rev bigint not null,
      user_id uuid not null,
      body text not null,
      written_at timestamptz not null,
      primary key (conversation_id, seq, rev)
    );

    -- Idempotency keys: every id that made or edited a message. They outlive its text.
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

    -- A removed reaction stays as a row with a rev, so that a sync can tell.
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

    -- The time of an author's last message, written only while slow mode is on.
    create table slow_marks (
      conversation_id uuid not null,
      user_id uuid not null,
      last_at timestamptz not null,
      primary key (conversation_id, user_id)
    );

    create table drafts (
      user_id uuid not null,
      conversation_id uuid not null,
      -- Empty: the draft was cleared.
      body text not null,
      feed_rev bigint not null,
      primary key (user_id, conversation_id)
    );
    create index drafts_rev on drafts (user_id, feed_rev);

    create sequence message_terms_ord as bigint;
    -- The search index: written after the commit, by an indexer that follows the feeds.
    create table message_terms (
      conversation_id uuid not null,
      seq bigint not null,
      -- The order of indexing: nearly the order of sending, over all conversations.
      ord bigint not null default nextval('message_terms_ord'),
      -- Hashes of grams, words, author, conversation and marks, all positive; and, negative, the block of 4,096 of ord,
      -- so that a search can begin with the newest messages.
      terms integer[] not null,
      primary key (conversation_id, seq)
    );
    create unique index message_terms_by_ord on message_terms (ord);
    -- Every search reads the pending list. At a megabyte that takes a few milliseconds; without the list, writing is slower.
    create index message_terms_terms on message_terms
      using gin (terms) with (fastupdate = on, gin_pending_list_limit = 1024);

    -- The rev up to which each conversation is indexed.
    create table search_cursors (
      conversation_id uuid primary key,
      rev bigint not null
    ) with (fillfactor = 70);

    -- A cache: the preview of a page, or null where it had none or could not be reached.
    create table link_previews (
      -- SHA-256 of the address.
      url_hash bytea primary key,
      preview json,
      fetched_at timestamptz not null
    );
    create index link_previews_age on link_previews (fetched_at);

    create table preview_jobs (
      conversation_id uuid not null,
      seq bigint not null,
      message_id uuid not null,
      author_id uuid not null,
      url text not null,
      -- SHA-256 of the message's text: a preview of another text is dropped.
      said text not null,
      -- A claim moves this forward, so that the jobs of a node that dies are claimed by others.
      due_at timestamptz not null default now(),
      tries integer not null default 0,
      primary key (conversation_id, seq)
    );
    create index preview_jobs_due on preview_jobs (due_at);

    -- The verdict on one operation of a batch.
    create type log_verdict_v1 as (
      i integer,              -- index of the operation in the batch
      verdict text,           -- stored | exists | expired | refused | again
      code text,              -- the error code of a refusal
      retry_after_ms integer,
      seq bigint,
      rev bigint,             -- of the change that was written
      at timestamptz,
      message json,           -- a row of message_states_v1, for everything but a stored send
      count integer,          -- reactions with this emoji after the change
      author json,            -- the actor, as author_json_v1
      quote json,             -- of a stored reply: the quoted message, as quote_v1
      quoted json             -- of a stored reply: the quoted author, as author_json_v1
    );

    -- One membership that was written, for both feeds; or a code where nothing was written ('exists': it was so already).
    create type member_told_v1 as (code text, is_written boolean, user_id uuid, rev bigint, feed_rev bigint, membership json);
  `;
}
