import { defaultGuestName, type User } from '@cloudhop/contracts';
import type { UserEntity } from './user.entity';

/** What a public user is made of. */
export type UserRow = Pick<UserEntity, 'id' | 'kind' | 'display_name' | 'tag' | 'username' | 'profile_rev'>;

/** The columns of a UserRow, for SQL in which `users` is called `u`. */
export const userColumns = 'u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev';

/** The name of a guest who was forgotten; without a tag, so that pages know it and can say it in their language. */
const forgottenGuestName = 'Guest';

/** The user as everyone sees it. A guest without a name is called by the tag; one who was forgotten has neither. */
export function toUser(row: UserRow): User {
  return {
    id: row.id,
    kind: row.kind,
    displayName:
      row.display_name ?? (row.tag === null ? (row.username ?? forgottenGuestName) : defaultGuestName(row.tag)),
    profileRev: row.profile_rev,
    ...(row.tag !== null && { tag: row.tag }),
    ...(row.username !== null && { username: row.username }),
  };
}
