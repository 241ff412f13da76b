import { ForwardMigration } from '@cloudhop/api/database';

/** Former slugs of rooms: for a while the old address leads to the room, and no other room can take it. */
export class FormerSlugs1800000018002 extends ForwardMigration {
  readonly name = 'FormerSlugs1800000018002';
  readonly sql = `
    -- A row counts until RoomSweep deletes it.
    create table former_slugs (
      slug text not null,
      conversation_id uuid not null,
      slug_skeleton text,
      left_at timestamptz not null,
      primary key (slug, conversation_id)
    );
    create index former_slugs_skeleton on former_slugs (slug_skeleton);
    create index former_slugs_age on former_slugs (left_at);
  `;
}
