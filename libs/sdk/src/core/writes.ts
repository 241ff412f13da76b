import type { User } from '@cloudhop/contracts';
import {
  type ConversationWrite,
  type PersonalWrite,
  type StoredConversation,
  type StoredPersonal,
  type StoredWrite,
  storedRows,
} from '../storage/client-storage';
import { findRow } from './rows';
import type { Feed, Row, State } from './state';
import { acquaintances } from './users';

/** What must be stored so that a reload finds `after`, given that storage holds `before`. */
export function writesBetween(before: State, after: State): StoredWrite[] {
  const { userId } = after;
  // What was just read from storage, or belongs to a user who is gone, is not written.
  if (userId === undefined || after.loading !== undefined || before.userId !== userId || before.loading !== undefined)
    return [];
  const writes: StoredWrite[] = [];
  if (before.feeds !== after.feeds) {
    for (const [id, feed] of after.feeds) {
      const write = before.feeds.get(id) === feed ? undefined : conversationWrite(before, after, id, feed);
      if (write) writes.push(write);
    }
  }
  // Also what this tab had not read yet: another may have stored it.
  const lost = [...after.gone.keys()].filter((id) => !before.gone.has(id));
  const gone = [...new Set([...before.feeds.keys(), ...lost])].filter((id) => !after.feeds.has(id));
  const isPersonalChanged =
    before.personalRev !== after.personalRev ||
    before.epoch !== after.epoch ||
    before.lobbyId !== after.lobbyId ||
    before.isHidden !== after.isHidden ||
    before.neverOpened !== after.neverOpened ||
    before.personal !== after.personal ||
    before.users.get(userId) !== after.users.get(userId);
  const people = newAcquaintances(before, after);
  if (isPersonalChanged || gone.length > 0 || people.length > 0)
    writes.push(personalWrite(before, after, gone, people));
  return writes;
}

function personalWrite(before: State, after: State, gone: readonly string[], users: readonly User[]): PersonalWrite {
  const isReplaced = isPersonalReplaced(before, after);
  return {
    kind: 'personal',
    ...(!isReplaced && { fromRev: before.personalRev }),
    replace: isReplaced,
    personal: storedPersonal(after),
    gone,
    users,
  };
}

function isPersonalReplaced(before: State, after: State): boolean {
  return before.personalRev === undefined || before.epoch !== after.epoch;
}

/** Who became one, and of whom more is known now. */
function newAcquaintances(before: State, after: State): User[] {
  const isSame =
    before.users === after.users && before.personal === after.personal && before.feeds.size === after.feeds.size;
  const isReplaced = isPersonalReplaced(before, after);
  if (isSame && !isReplaced) return [];
  const known = isReplaced ? new Set<string>() : acquaintances(before);
  return [...acquaintances(after)].flatMap((id) => {
    const user = after.users.get(id);
    return user && (!known.has(id) || before.users.get(id) !== user) ? [user] : [];
  });
}

export function storedPersonal(state: State): StoredPersonal {
  const user = state.userId === undefined ? undefined : state.users.get(state.userId);
  return {
    ...(user && { user }),
    ...(state.lobbyId !== undefined && { lobbyId: state.lobbyId }),
    ...(state.epoch !== undefined && { epoch: state.epoch }),
    ...(state.personalRev !== undefined && { rev: state.personalRev }),
    isHidden: state.isHidden,
    unread: [...state.neverOpened],
    friends: [...state.personal.friends.values()],
    blocks: [...state.personal.blocks].map(([userId, level]) => ({ userId, level })),
    settings: state.personal.settings,
    invitations: [...state.personal.invitations.values()],
    drafts: [...state.personal.drafts].map(([conversationId, { body, local }]) => ({
      conversationId,
      body,
      ...(local && { typed: local.body }),
    })),
  };
}

function conversationWrite(before: State, after: State, id: string, feed: Feed): ConversationWrite | undefined {
  // The text of a match is kept in memory only.
  if (feed.conversation.kind === 'match' || after.epoch === undefined) return undefined;
  const known = before.feeds.get(id);
  // Known from the personal feed only: that it is there is worth keeping, or a reload would not know it.
  if (feed.cursor === undefined) {
    const isKnown = known?.conversation === feed.conversation && before.epoch === after.epoch;
    return isKnown ? undefined : write(after, id, feed, [], undefined);
  }
  const isReplaced = known?.cursor === undefined || known.resets !== feed.resets || before.epoch !== after.epoch;
  const rows = isReplaced ? newestRows(feed) : changedRows(known, feed);
  const isSame =
    known?.conversation === feed.conversation && known.readSeq === feed.readSeq && known.members === feed.members;
  if (!isReplaced && rows.length === 0 && isSame) return undefined;
  return write(after, id, feed, rows, isReplaced ? undefined : known.cursor);
}

/** Everything of a conversation at once: what a storage needs that fell behind. */
export function wholeWrite(state: State, conversationId: string): ConversationWrite | undefined {
  const feed = state.feeds.get(conversationId);
  if (feed?.cursor === undefined || feed.conversation.kind === 'match') return undefined;
  return write(state, conversationId, feed, newestRows(feed), undefined);
}

function write(
  state: State,
  conversationId: string,
  feed: Feed,
  rows: readonly Row[],
  fromRev: number | undefined,
): ConversationWrite {
  const authors = new Set(rows.map(({ message }) => message.authorId));
  return {
    kind: 'conversation',
    conversationId,
    ...(state.epoch !== undefined && { epoch: state.epoch }),
    ...(fromRev !== undefined && { fromRev }),
    ...(feed.cursor !== undefined && { toRev: feed.cursor }),
    replace: fromRev === undefined,
    head: storedHead(state, feed),
    rows,
    users: [...authors].flatMap((id) => state.users.get(id) ?? []),
  };
}

function storedHead(state: State, feed: Feed): StoredConversation {
  const first = Math.max(feed.first, feed.first + feed.rows.length - storedRows);
  return {
    conversation: feed.conversation,
    ...(feed.cursor !== undefined && { cursor: feed.cursor }),
    ...(state.epoch !== undefined && { epoch: state.epoch }),
    ...(state.personalRev !== undefined && { personalRev: state.personalRev }),
    first,
    hasBefore: feed.hasBefore || first > feed.first,
    readSeq: feed.readSeq,
    hasUnknown: feed.hasUnknown,
    ...(feed.members && { members: [...feed.members.values()] }),
  };
}

/** What is above a hole belongs to the cursor as much as what is below it: stored without it, a reload would lose it. */
function newestRows({ rows, ahead }: Feed): readonly Row[] {
  return [...rows.slice(-storedRows), ...ahead.values()];
}

function changedRows(before: Feed, after: Feed): readonly Row[] {
  if (before.rows === after.rows && before.ahead === after.ahead) return [];
  return newestRows(after).filter((row) => findRow(before, row.message.seq) !== row);
}
