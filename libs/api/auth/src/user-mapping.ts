import { defaultGuestName, type User } from '@cloudhop/contracts';
import { selectList } from '@cloudhop/api/database';
import { authJsonShapes } from './row-shapes';
import type { UserEntity } from './user.entity';

/** What a public user is made of; author_json_v1 gives the same. */
export type UserRow = Pick<
  UserEntity,
  'id' | 'kind' | 'display_name' | 'tag' | 'username' | 'profile_rev' | 'avatar_color'
>;

/** The columns of a UserRow, for SQL in which `users` is called `u`. */
export const userColumns = selectList(authJsonShapes.author_json_v1, 'u');

/** What programs call somebody who is gone; pages know it by isGone and say it in their language. */
const goneNames = { guest: 'Guest', member: 'Deleted user', bot: 'Deleted bot' };

/** The user as everyone sees it. A guest without a name is called by the tag; who is gone has neither. */
export function toUser(row: UserRow): User {
  const isGone = row.display_name === null && row.tag === null && row.username === null;
  const name = row.display_name ?? (row.tag === null ? row.username : defaultGuestName(row.tag));
  return {
    id: row.id,
    kind: row.kind,
    displayName: name ?? goneNames[row.kind],
    profileRev: row.profile_rev,
    ...(row.tag !== null && { tag: row.tag }),
    ...(row.username !== null && { username: row.username }),
    ...(row.avatar_color !== null && { color: row.avatar_color }),
    ...(isGone && { isGone: true as const }),
  };
}
