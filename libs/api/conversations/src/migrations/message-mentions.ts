import { ForwardMigration } from '@cloudhop/api/database';

/** Mention keys of messages, by which unread mentions are counted without reading texts. */
export class MessageMentions1800000018001 extends ForwardMigration {
  readonly name = 'MessageMentions1800000018001';
  readonly sql = `
    -- The keys of the names in a message, of those messages that have an at sign with a name.
    create table message_mentions (
      conversation_id uuid not null,
      seq bigint not null,
      author_id uuid not null,
      -- Null: a node of the release before wrote the message, and its keys are not computed yet. Of an edited message:
      -- the keys that every text of it had.
      keys text[],
      primary key (conversation_id, seq)
    );
    create index message_mentions_unknown on message_mentions (conversation_id, seq) where keys is null;

    -- Progress through the messages from before this table, by conversation id; no row once that is done.
    create table mention_backfill (
      only_row boolean primary key default true check (only_row),
      -- Conversations up to this one are done.
      after uuid not null default '00000000-0000-0000-0000-000000000000',
      -- Every transaction below this one may still run a function that writes no keys: the backfill waits for them.
      waits_for xid8
    );
    insert into mention_backfill default values;
    -- Has no caller but log_append_v1, which is applied anew with this.
    drop function if exists log_sends_v1(json, uuid[], timestamptz);
    drop function if exists
      log_change_v2(integer, text, uuid, uuid, uuid, text, uuid, text, boolean, json, integer);
    drop function if exists
      log_edit_v1(log_verdict_v1, messages, users, text, uuid, integer, timestamptz);
  `;
}
