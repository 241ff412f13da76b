import {
  type Block,
  type Draft,
  type ErrorCode,
  type FriendState,
  type PersonalSettings,
  limits,
} from '@cloudhop/contracts';
import type { MemberRow } from './model-rows';
import type { ModelTables } from './model-tables';
import { type PeopleVerdict, keyOf } from './people-tables';

export type FriendVerb = 'request' | 'accept' | 'decline' | 'withdraw' | 'remove';

/** Time after a decline until a user may ask again. */
export const declinedMs = 7 * 24 * 3_600_000;

const nothing: PeopleVerdict = { told: [] };
const refused = (code: ErrorCode): PeopleVerdict => ({ code, told: [] });

/** Returns the reason for which `userId` may not write to `otherId` directly, as direct_refusal_v1 does. */
export function directRefusal(database: ModelTables, userId: string, otherId: string): ErrorCode | undefined {
  if (userId === otherId) return undefined;
  const { people } = database;
  if (!database.users.has(otherId)) return 'person_gone';
  if (people.isBlocked(otherId, userId) || people.isBlocked(userId, otherId)) return 'not_accepting';
  if (people.friend(otherId, userId) === 'friend') return undefined;
  const direct = database.directOf(userId, otherId);
  if (direct !== undefined && database.conversations.get(direct)!.members.get(otherId)!.hasWritten) return undefined;
  const { whoMayMessage } = people.settingsOf(otherId);
  if (whoMayMessage === 'anyone') return undefined;
  return whoMayMessage === 'rooms' && shareRoom(database, userId, otherId) ? undefined : 'not_accepting';
}

function shareRoom({ conversations }: ModelTables, userId: string, otherId: string): boolean {
  const isJoined = (members: ReadonlyMap<string, MemberRow>, id: string) => members.get(id)?.state === 'joined';
  return [...conversations.values()].some(
    ({ kind, members }) =>
      (kind === 'room' || kind === 'group') && isJoined(members, userId) && isJoined(members, otherId),
  );
}

/** As friend_change_v1. */
export function changeFriend(
  database: ModelTables,
  userId: string,
  otherId: string,
  verb: FriendVerb,
  note?: string,
): PeopleVerdict {
  const { people } = database;
  const was = people.friend(userId, otherId);
  const next = nextStates(was, verb);
  if (next === undefined) return nothing;
  if (next === 'not_found') return refused('not_found');
  const [state, other] = next;
  if (verb === 'request') {
    const code = requestRefusal(database, userId, otherId, was);
    if (code) return refused(code);
  }
  const [own, others] = [database.bump(userId), database.bump(otherId)];
  const declinedAt = verb === 'decline' ? Date.parse(database.now) : undefined;
  const mine = people.writeFriend(database, userId, otherId, {
    state,
    rev: own,
    ...(state === 'sent' && note !== undefined && { note }),
    ...(declinedAt !== undefined && { declinedAt }),
  });
  const theirs = people.writeFriend(database, otherId, userId, {
    state: other,
    rev: others,
    ...(other === 'received' && note !== undefined && { note }),
  });
  if (verb === 'remove') forgetWritten(database, userId, otherId);
  return { told: [mine, theirs] };
}

/** Both sides after a verb; nothing where it changes nothing. */
function nextStates(was: FriendState, verb: FriendVerb): [FriendState, FriendState] | 'not_found' | undefined {
  switch (verb) {
    case 'request':
      if (was === 'received') return ['friend', 'friend'];
      return was === 'none' ? ['sent', 'received'] : undefined;
    case 'accept':
      if (was === 'friend') return undefined;
      return was === 'received' ? ['friend', 'friend'] : 'not_found';
    case 'decline':
      return was === 'received' ? ['none', 'none'] : undefined;
    case 'withdraw':
      return was === 'sent' ? ['none', 'none'] : undefined;
    case 'remove':
      return was === 'friend' ? ['none', 'none'] : undefined;
  }
}

function requestRefusal(
  database: ModelTables,
  userId: string,
  otherId: string,
  was: FriendState,
): ErrorCode | undefined {
  const { people } = database;
  if (!database.users.has(otherId)) return 'not_found';
  if (people.isBlocked(otherId, userId) || people.isBlocked(userId, otherId)) return 'not_accepting';
  if (was === 'received') return undefined;
  if (!people.settingsOf(otherId).acceptsRequests) return 'not_accepting';
  const declinedAt = people.friends.get(keyOf(otherId, userId))?.declinedAt;
  return declinedAt !== undefined && declinedAt > Date.parse(database.now) - declinedMs ? 'not_accepting' : undefined;
}

/** As block_change_v1. */
export function changeBlock(
  database: ModelTables,
  userId: string,
  otherId: string,
  level: Block['level'],
): PeopleVerdict {
  const { people } = database;
  if (userId === otherId || !database.users.has(otherId)) return refused('not_found');
  if ((people.blocks.get(keyOf(userId, otherId))?.block.level ?? 'none') === level) return nothing;
  const ends = level === 'blocked' && people.friend(userId, otherId) !== 'none';
  const own = database.bump(userId);
  const block = { userId: otherId, level };
  people.blocks.set(keyOf(userId, otherId), { block, rev: own });
  const told: PeopleVerdict['told'][number][] = [{ userId, change: { kind: 'block', rev: own, block } }];
  if (ends)
    told.push(
      people.writeFriend(database, userId, otherId, { state: 'none', rev: database.bump(userId) }),
      people.writeFriend(database, otherId, userId, { state: 'none', rev: database.bump(otherId) }),
    );
  if (level === 'blocked') forgetWritten(database, userId, otherId);
  return { told };
}

/** As direct_open_v1; told is empty where the two have one already. */
export function openDirect(database: ModelTables, userId: string, otherId: string, newId: string): PeopleVerdict {
  if (database.directOf(userId, otherId) !== undefined) return nothing;
  const code = database.users.has(otherId) ? directRefusal(database, userId, otherId) : 'not_found';
  if (code) return refused(code);
  const pair = [userId, otherId].sort() as [string, string];
  database.addConversation(newId, 'direct');
  const row = database.conversations.get(newId)!;
  row.pair = pair;
  const told = [...new Set(pair)].map((id) => {
    row.members.set(id, { role: 'member', state: 'joined', readSeq: 0, rev: 0, feedRev: database.bump(id) });
    row.memberCount++;
    return { userId: id, change: database.membershipChange(newId, id) };
  });
  return { told };
}

export interface Mark {
  readonly isPinned?: boolean;
  readonly isArchived?: boolean;
  readonly clearedSeq?: number;
}

/** As membership_mark_v2. */
export function markMembership(
  database: ModelTables,
  userId: string,
  conversationId: string,
  { isPinned, isArchived, clearedSeq = 0 }: Mark,
): PeopleVerdict {
  const row = database.conversations.get(conversationId);
  const was = row?.members.get(userId);
  // The lobby has its place, also in the list of whoever was banned from it once.
  if (row?.kind === 'lobby' || was?.state !== 'joined') return refused('not_found');
  const { pinnedAt, archivedSeq, ...rest } = was;
  const pinned = isPinned === undefined ? pinnedAt : isPinned ? (pinnedAt ?? database.now) : undefined;
  const archived = isArchived === undefined ? archivedSeq : isArchived ? row!.log.seq : undefined;
  const cleared = Math.max(was.clearedSeq ?? 0, Math.min(clearedSeq, row!.log.seq));
  const now: MemberRow = {
    ...rest,
    ...(pinned !== undefined && { pinnedAt: pinned }),
    ...(archived !== undefined && { archivedSeq: archived }),
    ...(cleared > 0 && { clearedSeq: cleared }),
    readSeq: Math.max(was.readSeq, cleared),
  };
  const isSame =
    now.pinnedAt === was.pinnedAt &&
    now.archivedSeq === was.archivedSeq &&
    now.clearedSeq === was.clearedSeq &&
    now.readSeq === was.readSeq;
  if (isSame) return nothing;
  row!.members.set(userId, { ...now, feedRev: database.bump(userId) });
  return { told: [{ userId, change: database.membershipChange(conversationId, userId) }] };
}

/** As drafts_v1, for one. */
export function writeDraft(database: ModelTables, userId: string, draft: Draft): PeopleVerdict {
  const { people } = database;
  const key = keyOf(userId, draft.conversationId);
  if (database.unreadable(draft.conversationId, userId) !== undefined) return refused('not_found');
  if ((people.drafts.get(key)?.draft.body ?? '') === draft.body) return nothing;
  const rev = database.bump(userId);
  people.drafts.set(key, { draft, rev });
  return { told: [{ userId, change: { kind: 'draft', rev, draft } }] };
}

/** As settings_change_v2. */
export function changeSettings(
  database: ModelTables,
  userId: string,
  change: Partial<PersonalSettings>,
): PeopleVerdict {
  const { people } = database;
  const was = people.settingsOf(userId);
  const settings = { ...was, ...change };
  if (settings.whoMayMessage === was.whoMayMessage && settings.acceptsRequests === was.acceptsRequests) return nothing;
  const rev = database.bump(userId);
  people.settings.set(userId, { settings, rev });
  return { told: [{ userId, change: { kind: 'settings', rev, settings } }] };
}

/** The beginning of a conversation's last message, for lists. */
export function lastOf(database: ModelTables, conversationId: string) {
  const { log } = database.conversations.get(conversationId)!;
  const message = log.seq > log.floorSeq ? log.at(log.seq) : undefined;
  return (
    message && {
      seq: message.seq,
      authorId: message.authorId,
      body: message.body.slice(0, limits.previewCharacters),
      createdAt: message.createdAt,
      ...(message.deletedAt !== undefined && { isDeleted: true as const }),
    }
  );
}

function forgetWritten(database: ModelTables, userId: string, otherId: string): void {
  const direct = database.directOf(userId, otherId);
  if (direct === undefined) return;
  const { members } = database.conversations.get(direct)!;
  for (const [id, { hasWritten: _, ...member }] of members) members.set(id, member);
}
