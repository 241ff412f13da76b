import { ForwardMigration } from '@cloudhop/api/database';

/** Relations between users: friendships, blocks, and the settings of who may reach and see whom. */
export class FriendsBaseline1800000003000 extends ForwardMigration {
  readonly name = 'FriendsBaseline1800000003000';
  readonly sql = `
    -- One row for each side. The state "none" tells a sync that a relation ended.
    create table friendships (
      user_id uuid not null,
      other_id uuid not null,
      state text not null check (state in ('none', 'sent', 'received', 'friend')),
      note text,
      at timestamptz not null,
      -- Whoever was declined waits before asking again.
      declined_at timestamptz,
      feed_rev bigint not null,
      primary key (user_id, other_id)
    );
    create index friendships_rev on friendships (user_id, feed_rev);

    create table blocks (
      user_id uuid not null,
      other_id uuid not null,
      level text not null check (level in ('none', 'muted', 'blocked')),
      -- Of a blocked guest: new guests from this address count as blocked too, for a day.
      address_key text,
      at timestamptz not null,
      feed_rev bigint not null,
      primary key (user_id, other_id)
    );
    create index blocks_rev on blocks (user_id, feed_rev);
    create index blocks_other on blocks (other_id) where level = 'blocked';
    create index blocks_address on blocks (user_id, address_key) where address_key is not null;

    create table personal_settings (
      user_id uuid primary key,
      who_may_message text not null default 'friends' check (who_may_message in ('friends', 'rooms', 'anyone')),
      accepts_requests boolean not null default true,
      feed_rev bigint not null,
      appears_offline boolean not null default false,
      shows_last_seen boolean not null default true,
      sends_receipts boolean not null default true
    );

    -- The time at which a user was last online. Narrow, because it is written every few minutes.
    create table last_seen (
      user_id uuid primary key,
      at timestamptz not null
    ) with (fillfactor = 50);
  `;
}
