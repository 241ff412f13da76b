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

/** Returns the writes that bring a storage from `before` to `after`. */
export function writesBetween(before: State, after: State): StoredWrite[] {
  const {
    account: { userId },
  } = after;
  // What was just read from storage, or belongs to a user who is gone, is not written.
  if (
    userId === undefined ||
    after.account.loading !== undefined ||
    before.account.userId !== userId ||
    before.account.loading !== undefined
  )
    return [];
  const writes: StoredWrite[] = [];
  if (before.feeds !== after.feeds) {
    for (const [id, feed] of after.feeds) {
      const write = before.feeds.get(id) === feed ? undefined : conversationWrite(before, after, id, feed);
      if (write) writes.push(write);
    }
  }
  // Also what this tab had not read yet: another may have stored it.
  const lost = [...after.conversations.gone.keys()].filter((id) => !before.conversations.gone.has(id));
  const gone = [...new Set([...before.feeds.keys(), ...lost])].filter((id) => !after.feeds.has(id));
  const isPersonalChanged =
    before.personalFeed.rev !== after.personalFeed.rev ||
    before.epoch !== after.epoch ||
    before.account.lobbyId !== after.account.lobbyId ||
    before.presence.isHidden !== after.presence.isHidden ||
    before.conversations.neverOpened !== after.conversations.neverOpened ||
    before.personal !== after.personal ||
    before.people.users.get(userId) !== after.people.users.get(userId);
  const people = newAcquaintances(before, after);
  if (isPersonalChanged || gone.length > 0 || people.length > 0)
    writes.push(personalWrite(before, after, gone, people));
  return writes;
}

function personalWrite(before: State, after: State, gone: readonly string[], users: readonly User[]): PersonalWrite {
  const isReplaced = isPersonalReplaced(before, after);
  return {
    kind: 'personal',
    ...(!isReplaced && { fromRev: before.personalFeed.rev }),
    replace: isReplaced,
    personal: storedPersonal(after),
    gone,
    users,
  };
}

function isPersonalReplaced(before: State, after: State): boolean {
  return before.personalFeed.rev === undefined || before.epoch !== after.epoch;
}

/** Returns new acquaintances, and known ones whose profile changed. */
function newAcquaintances(before: State, after: State): User[] {
  const isSame =
    before.people.users === after.people.users &&
    before.personal === after.personal &&
    before.feeds.size === after.feeds.size;
  const isReplaced = isPersonalReplaced(before, after);
  if (isSame && !isReplaced) return [];
  const known = isReplaced ? new Set<string>() : acquaintances(before);
  return [...acquaintances(after)].flatMap((id) => {
    const user = after.people.users.get(id);
    return user && (!known.has(id) || before.people.users.get(id) !== user) ? [user] : [];
  });
}

function storedPersonal(state: State): StoredPersonal {
  const user = state.account.userId === undefined ? undefined : state.people.users.get(state.account.userId);
  return {
    ...(user && { user }),
    ...(state.account.lobbyId !== undefined && { lobbyId: state.account.lobbyId }),
    ...(state.epoch !== undefined && { epoch: state.epoch }),
    ...(state.personalFeed.rev !== undefined && { rev: state.personalFeed.rev }),
    isHidden: state.presence.isHidden,
    unread: [...state.conversations.neverOpened],
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

/** Returns a write of a whole conversation, for a storage that fell behind. */
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
    users: [...authors].flatMap((id) => state.people.users.get(id) ?? []),
  };
}

function storedHead(state: State, feed: Feed): StoredConversation {
  const first = Math.max(feed.first, feed.first + feed.rows.length - storedRows);
  return {
    conversation: feed.conversation,
    ...(feed.cursor !== undefined && { cursor: feed.cursor }),
    ...(state.epoch !== undefined && { epoch: state.epoch }),
    ...(state.personalFeed.rev !== undefined && { personalRev: state.personalFeed.rev }),
    first,
    hasBefore: feed.hasBefore || first > feed.first,
    readSeq: feed.readSeq,
    hasUnknown: feed.hasUnknown,
    ...(feed.members && { members: [...feed.members.values()] }),
  };
}

/** Returns the rows to store, those above a hole included: the cursor covers both. */
function newestRows({ rows, ahead }: Feed): readonly Row[] {
  return [...rows.slice(-storedRows), ...ahead.values()];
}

function changedRows(before: Feed, after: Feed): readonly Row[] {
  if (before.rows === after.rows && before.ahead === after.ahead) return [];
  return newestRows(after).filter((row) => findRow(before, row.message.seq) !== row);
}
