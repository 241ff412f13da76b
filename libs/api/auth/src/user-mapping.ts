import { defaultGuestName, type User } from '@cloudhop/contracts';
import { selectList } from '@cloudhop/api/database';
import { type RowRenderer, renderRows } from '@cloudhop/api/platform';
import { authJsonShapes } from './row-shapes';
import type { UserEntity } from './user.entity';

/** Columns of a public user. author_json_v1 returns the same. */
export type UserRow = Pick<
  UserEntity,
  'id' | 'kind' | 'display_name' | 'tag' | 'username' | 'profile_rev' | 'avatar_color'
>;

/** The columns of a UserRow, for SQL in which `users` is called `u`. */
export const userColumns = selectList(authJsonShapes.author_json_v1, 'u');

/** Names of deleted users for programs. Pages recognise them by isGone and translate. */
const goneNames = { guest: 'Guest', member: 'Deleted user', bot: 'Deleted bot' };

/** Renders a user as everyone sees it. A guest without a name is called by the tag; a deleted user has neither. */
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

/** Renderer of public profiles, which leaves out one that can't be rendered. */
export const userRow: RowRenderer<UserRow, User> = { kind: 'user', keyOf: ({ id }) => id, render: toUser };

/** Renders public profiles. Leaves out one that can't be rendered. */
export function toUsers(rows: readonly UserRow[]): User[] {
  return renderRows(userRow, rows);
}
