import { ForwardMigration } from '@cloudhop/api/database';

/** Bans that take the address of a guest along: new guests from there are banned too, for a day. */
export class AddressBans1800000018003 extends ForwardMigration {
  readonly name = 'AddressBans1800000018003';
  readonly sql = `
    -- A row for each banned guest whose address is kept. It goes with the ban, and RoomSweep deletes it after its end.
    create table address_bans (
      conversation_id uuid not null,
      user_id uuid not null,
      -- The keyed hash of the guest's address, as in users. Says nothing without the instance's key.
      address_key text not null,
      until timestamptz not null,
      primary key (conversation_id, user_id)
    );
    create index address_bans_key on address_bans (address_key);
    create index address_bans_until on address_bans (until);

    -- Guests who were banned when they were created, each with the ban from which theirs follows.
    create table address_banned (
      conversation_id uuid not null,
      user_id uuid not null,
      of_user_id uuid not null,
      primary key (conversation_id, user_id)
    );

    -- Guests of one address, who are counted when one of them is banned.
    create index users_address on users (address_key) where address_key is not null;
  `;
}
