import type { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { type RowRenderer, renderRows } from '@cloudhop/api/platform';
import type { User } from '@cloudhop/contracts';
import { type UserRow, toUser } from './user-mapping';

/** Renderer of public profiles, which leaves out one that can't be rendered. */
export const userRow: RowRenderer<UserRow, User> = { kind: 'user', keyOf: ({ id }) => id, render: toUser };

/** Renders public profiles. Leaves out one that can't be rendered. */
export function toUsers(rows: readonly UserRow[]): User[] {
  return renderRows(userRow, rows);
}

/** Registers what auth writes into personal feeds: the user's own profile, and sessions. */
export function registerAuthKinds(kinds: PersonalFeedKinds): void {
  kinds.registerUsers((rows) => toUsers(rows as UserRow[]));
  kinds.registerKind('user', { toChange: (data) => ({ user: toUser(data as UserRow) }) });
  kinds.registerKind('session', {
    toChange: (data) => {
      const { id, ended_at: endedAt } = data as { id: string; ended_at: string | null };
      return { sessionId: id, state: endedAt === null ? ('active' as const) : ('ended' as const) };
    },
    isCutOff: ({ state }) => state === 'ended',
  });
  kinds.registerField('user', { sql: () => 'author_json_v1(u)', render: (row: UserRow) => toUser(row) });
}
