import { ForwardMigration } from '@cloudhop/api/database';

/**
 * Looks of usernames. A node fills them in for the names that there were before it, and for those that the release
 * before registers meanwhile.
 */
export class UsernameLooks1800000012001 extends ForwardMigration {
  readonly name = 'UsernameLooks1800000012001';
  readonly sql = `
    -- A name has several. Names of before the table may share one.
    create table username_looks (
      look text,
      user_id uuid,
      claimed_at timestamptz not null default now(),
      primary key (look, user_id)
    );
    create index username_looks_user on username_looks (user_id);
  `;
}
