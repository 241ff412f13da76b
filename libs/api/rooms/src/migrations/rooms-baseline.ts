import { ForwardMigration } from '@cloudhop/api/database';

/** Activity of rooms, by which they are listed, and invite links. */
export class RoomsBaseline1800000004000 extends ForwardMigration {
  readonly name = 'RoomsBaseline1800000004000';
  readonly sql = `
    -- The time of the last message, for sorting. Written at most every ten seconds, never with the head.
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
  `;
}
