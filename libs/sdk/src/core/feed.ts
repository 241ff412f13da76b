import {
  type Conversation,
  type ConversationChange,
  type HistoryReply,
  type OpenReply,
  type OwnReaction,
  type User,
  notifies,
} from '@cloudhop/contracts';
import { FeedDraft } from './feed-draft';
import { rowsOfPage, withOlderRows, withPendingChanges } from './history-page';
import { caughtUpRow, knownRow, ownBySeq } from './rows';
import type { ConversationFrame, Feed, JumpWindow, Row } from './state';

/**
 * Returns the feed of a conversation whose head is known and no message. It is synced from there on; older messages are
 * paged in. The lobby and matches have no cursor: they are always opened.
 */
export function unopenedFeed(conversation: Conversation): Feed {
  const isOpened = conversation.kind === 'lobby' || conversation.kind === 'match';
  return {
    conversation,
    ...(!isOpened && { cursor: conversation.rev }),
    first: conversation.seq + 1,
    rows: [],
    ahead: new Map(),
    hasBefore: conversation.seq > conversation.floorSeq,
    readSeq: conversation.readSeq ?? 0,
    readSent: conversation.readSeq ?? 0,
    deliveredSent: 0,
    marks: new Map(),
    sync: 'idle',
    hasUnknown: false,
    resets: 0,
    wantsBefore: false,
  };
}

/** Returns the feed after a snapshot. Keeps only requests of the user and the read mark. */
export function resetFeed(before: Feed | undefined, reply: OpenReply, userId: string | undefined): Feed {
  // Floor and read mark only rise. The reply may be older than changes by another device.
  const known = before?.cursor === undefined ? undefined : before.conversation;
  const { floorSeq, readSeq: marked } = reply.conversation;
  const conversation = {
    ...reply.conversation,
    floorSeq: Math.max(floorSeq, known?.floorSeq ?? 0),
    ...(marked !== undefined && { readSeq: Math.max(marked, known?.readSeq ?? 0) }),
  };
  const mine = ownBySeq(reply.mine);
  const messages = (reply.messages ?? [])
    .filter(({ seq }) => seq > conversation.floorSeq)
    .sort((a, b) => a.seq - b.seq);
  const rows = denseTail(messages.map((message) => knownRow(message, mine.get(message.seq))));
  const first = rows[0]?.message.seq ?? conversation.seq + 1;
  const readSent = Math.max(before?.readSent ?? 0, conversation.readSeq ?? 0);
  const readSeq = before?.readSeq ?? conversation.readSeq ?? conversation.seq;
  const own = messages.findLast(({ authorId }) => authorId === userId)?.seq ?? 0;
  return {
    conversation,
    cursor: conversation.rev,
    first,
    rows,
    ahead: new Map(),
    hasBefore: reply.hasBefore ?? first > conversation.floorSeq + 1,
    // On the first visit nothing is unread.
    readSeq: Math.min(conversation.seq, Math.max(readSeq, readSent, own)),
    readSent,
    deliveredSent: before?.deliveredSent ?? 0,
    marks: before?.marks ?? new Map(),
    sync: 'idle',
    hasUnknown: false,
    resets: (before?.resets ?? 0) + 1,
    wantsBefore: before?.wantsBefore ?? false,
    ...(before && renewedWindow(before)),
  };
}

/** Returns the feed without rows at or below a floor. */
export function withFloor(feed: Feed, floorSeq: number): Feed {
  if (floorSeq <= feed.conversation.floorSeq) return feed;
  const draft = new FeedDraft(feed, undefined);
  draft.moveFloor(floorSeq);
  return draft.finish();
}

/** Returns the longest run of rows without a hole that ends at the highest seq. Takes rows sorted by seq. */
function denseTail(rows: readonly Row[]): readonly Row[] {
  let start = rows.length - 1;
  while (start > 0 && rows[start - 1]!.message.seq === rows[start]!.message.seq - 1) start--;
  return start <= 0 ? rows : rows.slice(start);
}

/** Applies a live frame that begins at or below the cursor. Skips changes at or below the cursor. */
export function applyFrame(feed: Feed, frame: ConversationFrame, userId: string | undefined): Feed {
  const cursor = feed.cursor ?? 0;
  if (frame.toRev <= cursor) return feed;
  const draft = new FeedDraft(feed, userId);
  const changes = frame.changes.filter(({ rev }) => rev > cursor);
  let told = cursor;
  for (const change of changes) {
    draft.passOver(told, change.rev);
    draft.apply(change, undefined);
    told = change.rev;
  }
  draft.passOver(told, frame.toRev + 1);
  draft.moveCursor(frame.toRev);
  return withChangedWindow(bufferForPage(draft.finish(), changes), changes, userId);
}

export interface SyncPage {
  rev: number;
  seq: number;
  floorSeq: number;
  changes: readonly ConversationChange[];
  mine: readonly OwnReaction[];
  more: boolean;
}

/** Applies a page of a sync. Its rows are as of their own rev, so per row the higher rev wins. */
export function applySyncPage(feed: Feed, page: SyncPage, userId: string | undefined): Feed {
  const draft = new FeedDraft(feed, userId);
  const mine = ownBySeq(page.mine);
  for (const change of page.changes) draft.apply(change, mine);
  draft.moveHead(page.seq);
  draft.moveFloor(page.floorSeq);
  draft.moveCursor(page.rev);
  const next = bufferForPage({ ...draft.finish(), sync: page.more ? 'needed' : 'idle' }, page.changes);
  return withChangedWindow(next, page.changes, userId);
}

/**
 * Removes changed messages that no longer mention the person from the server's list of mentions. Loaded rows tell that
 * by themselves; of other messages there is only this list. An edit never adds a mention, so a late change removes none
 * that counts.
 */
export function withNamesLeft(feed: Feed, changes: readonly ConversationChange[], me: User | undefined): Feed {
  const { mentions = [] } = feed.conversation;
  if (!me || mentions.length === 0) return feed;
  const unnamed = new Set(
    changes.flatMap((change) =>
      change.kind === 'message' && !notifies(change.message, me) ? [change.message.seq] : [],
    ),
  );
  const left = mentions.filter((seq) => !unnamed.has(seq));
  return left.length === mentions.length ? feed : { ...feed, conversation: { ...feed.conversation, mentions: left } };
}

/** Counts the new messages of a frame in a feed without a cursor. */
export function countFrame(feed: Feed, frame: ConversationFrame): Feed {
  const { conversation } = feed;
  const last = frame.changes.findLast((change) => change.kind === 'message');
  const seq = Math.max(conversation.seq, last?.kind === 'message' ? last.message.seq : 0);
  const { deletedUnread = [] } = conversation;
  const deleted = frame.changes.flatMap((change) =>
    change.kind === 'deleted' && !deletedUnread.includes(change.message.seq) ? [change.message.seq] : [],
  );
  if (seq === conversation.seq && deleted.length === 0) return feed;
  const counted = {
    ...conversation,
    seq,
    ...(deleted.length > 0 && { deletedUnread: [...deletedUnread, ...deleted] }),
  };
  return { ...feed, conversation: counted, first: feed.rows.length === 0 ? seq + 1 : feed.first };
}

/** Window of a jump whose rows were not asked for yet. */
export const emptyJumpWindow: JumpWindow = { rows: [], hasBefore: false, hasAfter: true, wants: 'around' };

/** Applies changes to the rows around a jump target. */
function withChangedWindow(feed: Feed, changes: readonly ConversationChange[], userId: string | undefined): Feed {
  const { jumpWindow } = feed;
  if (!jumpWindow || changes.length === 0) return feed;
  const rows = jumpWindow.rows.map((row) => caughtUpRow(row, changes, userId, feed.passedOver));
  const request = jumpWindow.request && withPendingChanges(jumpWindow.request, changes, feed.cursor);
  return { ...feed, jumpWindow: { ...jumpWindow, rows, ...(request && { request }) } };
}

/**
 * Empties the jump window after a snapshot, so that its rows are asked for again: changes to them may have been
 * missed.
 */
function renewedWindow({ jump, jumpWindow }: Feed): Pick<Feed, 'jump' | 'jumpWindow'> {
  return { ...(jump && { jump }), ...(jumpWindow && { jumpWindow: emptyJumpWindow }) };
}

function bufferForPage(feed: Feed, changes: readonly ConversationChange[]): Feed {
  if (!feed.page || changes.length === 0) return feed;
  return { ...feed, page: withPendingChanges(feed.page, changes, feed.cursor) };
}

/**
 * Returns the feed with the page that it asked for, or without change (and without the request) if the page must be
 * asked for again.
 */
export function applyPage(
  feed: Feed,
  reply: HistoryReply,
  userId: string | undefined,
): { feed: Feed; isTaken: boolean } {
  const { page, ...rest } = feed;
  if (!page) return { feed, isTaken: false };
  const read = rowsOfPage(reply, page, feed.passedOver, userId);
  if (!read) return { feed: rest, isTaken: false };
  const { floorSeq } = feed.conversation;
  const rows = read.filter(({ message }) => message.seq > floorSeq);
  if (page.purpose === 'mine') return { feed: withFreshRows(rest, rows, userId), isTaken: true };
  if (page.before !== feed.first) return { feed: rest, isTaken: false };
  const older = denseTail(rows.filter(({ message }) => message.seq < feed.first));
  const last = older.at(-1);
  if (!last) return { feed: { ...rest, hasBefore: false, wantsBefore: false }, isTaken: true };
  // Not adjacent: the reply is for another request.
  if (last.message.seq !== feed.first - 1) return { feed: rest, isTaken: false };
  const hasBefore = (reply.hasBefore || older.length < rows.length) && older[0]!.message.seq > floorSeq + 1;
  const next = { ...withOlderRows(rest, older, hasBefore), wantsBefore: false };
  return { feed: readByWriting(next, older, userId), isTaken: true };
}

/** Raises the read mark to the user's own latest message among `rows`. */
export function readByWriting(feed: Feed, rows: readonly Row[], userId: string | undefined): Feed {
  const own = rows.findLast(({ message }) => message.authorId === userId)?.message.seq ?? 0;
  return own > feed.readSeq ? { ...feed, readSeq: own } : feed;
}

/** Puts rows that were read again, unless newer ones are here. */
function withFreshRows(feed: Feed, rows: readonly Row[], userId: string | undefined): Feed {
  const draft = new FeedDraft(feed, userId);
  for (const row of rows) draft.putRow(row);
  return draft.finish();
}

/** Index of the last row with unknown own reactions. Cached by array: rows never change in place. */
const lastStale = new WeakMap<readonly Row[], number>();

/** Returns the highest seq whose own reactions are unknown. */
export function highestStale({ rows, first }: Feed): number | undefined {
  const index = lastStale.get(rows) ?? rows.findLastIndex(({ isMineStale }) => isMineStale);
  lastStale.set(rows, index);
  return index === -1 ? undefined : first + index;
}

const maxRows = 5_000;
const rowsAfterTrim = 4_000;

/** Bounds the rows of a feed. The oldest are dropped, and can be paged in again. */
export function trimFeed(feed: Feed): Feed {
  if (feed.rows.length <= maxRows || feed.page || feed.wantsBefore) return feed;
  const dropped = feed.rows.length - rowsAfterTrim;
  return { ...feed, rows: feed.rows.slice(dropped), first: feed.first + dropped, hasBefore: true };
}
