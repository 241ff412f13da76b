import type { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { type UserRow, toUser, toUsers } from './user-mapping';

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
