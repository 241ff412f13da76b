import { quoteOf } from '@cloudhop/contracts';
import type { PendingDeletion, TimelineEntry, TimelineView } from '../view';
import { findRowById, overlaid, waitingRow } from './overlay';
import { hasReceipts, sendsReadReceipts } from './reads';
import type { EntryOf, OutboxEntry } from './outbox-entry';
import type { Feed, Row, State } from './state';
import { unreadOf } from './unread';

interface Known {
  feed: Feed;
  outbox: readonly OutboxEntry[];
  userId: string | undefined;
  sendsReceipts: boolean;
  view: TimelineView;
}

const nobody: TimelineView['members'] = new Map();

/** Builds timelines from the state. A line keeps its identity until it changes. */
export class Timelines {
  readonly #known = new Map<string, Known>();
  readonly #lines = new WeakMap<Row, TimelineEntry>();

  /** Returns the same object until the conversation's lines change; undefined until it was opened once. */
  view(state: State, conversationId: string): TimelineView | undefined {
    const feed = state.feeds.get(conversationId);
    if (!feed || (feed.cursor === undefined && feed.rows.length === 0)) return undefined;
    const {
      outbox: { entries: outbox },
      account: { userId },
    } = state;
    const sendsReceipts = sendsReadReceipts(state);
    const known = this.#known.get(conversationId);
    const isSame = known && known.feed === feed && known.outbox === outbox && known.userId === userId;
    if (isSame && known.sendsReceipts === sendsReceipts) return known.view;
    const view = this.#build(state, feed, conversationId);
    this.#known.set(conversationId, { feed, outbox, userId, sendsReceipts, view });
    return view;
  }

  #build(state: State, feed: Feed, conversationId: string): TimelineView {
    const {
      outbox: { entries: outbox },
      account: { userId },
    } = state;
    const { conversation, readSeq } = feed;
    const own = outbox.filter((entry) => entry.conversationId === conversationId);
    const over = Map.groupBy(
      own.filter(({ kind }) => kind !== 'send'),
      ({ messageId }) => messageId,
    );
    const entries: TimelineEntry[] = [];
    const window = feed.jumpWindow && feed.jumpWindow.rows.length > 0 ? feed.jumpWindow : undefined;
    // While a jump target is loading, the shown rows are not paged.
    const isSeeking = feed.jumpWindow?.wants === 'around';
    const rows = window?.rows.filter(({ message }) => message.seq > conversation.floorSeq) ?? feed.rows;
    for (const row of rows) {
      const line = row.message.deletedAt === undefined ? this.#line(row, over.get(row.message.id), userId) : undefined;
      if (line) entries.push(line);
    }
    let seq = conversation.seq;
    const refusedAt = own.findIndex(({ state }) => state === 'failed');
    // Waiting sends are drawn below the latest message, not in a jump window.
    for (const [at, entry] of window ? [] : own.entries()) {
      if (entry.kind !== 'send' || isDrawn(feed, entry)) continue;
      const line = waitingLine(requotedEntry(entry, feed), over.get(entry.messageId), userId ?? '', ++seq);
      const isHeld = refusedAt !== -1 && refusedAt < at && entry.state === 'waiting';
      if (line) entries.push(isHeld ? { ...line, isHeld } : line);
    }
    return {
      conversation,
      entries,
      hasBefore: window?.hasBefore ?? feed.hasBefore,
      isLoadingBefore: window ? isSeeking || window.wants === 'before' : feed.wantsBefore || isSeeking,
      hasAfter: window !== undefined,
      isLoadingAfter: window !== undefined && (isSeeking || window.wants === 'after'),
      // Only once the target is loaded, or known to be missing.
      ...(feed.jump && !isSeeking && { jump: feed.jump }),
      ...slowUntil(state, feed),
      headSeq: headSeqOf(feed),
      readSeq,
      unread: unreadOf(feed),
      members: feed.members ?? nobody,
      ...(hasReceipts(feed, userId) && sendsReadReceipts(state) && { marks: feed.marks }),
    };
  }

  #line(row: Row, over: readonly OutboxEntry[] | undefined, userId: string | undefined): TimelineEntry | undefined {
    if (over) return changedLine(row, over, userId);
    let line = this.#lines.get(row);
    if (!line || line.isMine !== (row.message.authorId === userId)) {
      line = plainLine(row, userId);
      this.#lines.set(row, line);
    }
    return line;
  }
}

/**
 * Returns the highest seq that is loaded; without rows and without a page before them, the head: everything was
 * removed.
 */
function headSeqOf({ rows, hasBefore, conversation }: Feed): number {
  return rows.at(-1)?.message.seq ?? (hasBefore ? 0 : conversation.seq);
}

/**
 * Returns true for a send whose row is drawn while the feed has no cursor. The entry stays: its row may be of another
 * timeline.
 */
function isDrawn(feed: Feed, { messageId }: OutboxEntry): boolean {
  return feed.cursor === undefined && findRowById(feed, messageId) !== undefined;
}

/** Returns the entry with the quote of the answered message as it is now. */
function requotedEntry(entry: EntryOf<'send'>, feed: Feed): EntryOf<'send'> {
  const answered = entry.replyTo === undefined ? undefined : findRowById(feed, entry.replyTo);
  return answered ? { ...entry, quote: quoteOf(answered.message) } : entry;
}

/** Returns the end of the user's slow mode, from their last message that is loaded. */
function slowUntil(
  { account: { userId }, device: { clockOffset = 0 } }: State,
  { conversation, rows }: Feed,
): { slowUntil?: number } {
  const { slowModeMs, role } = conversation;
  if (slowModeMs === 0 || role !== 'member') return {};
  const last = rows.findLast(({ message }) => message.authorId === userId);
  return last ? { slowUntil: Date.parse(last.message.createdAt) + slowModeMs - clockOffset } : {};
}

function plainLine({ message, mine }: Row, userId: string | undefined): TimelineEntry {
  return { message, key: message.id, isMine: message.authorId === userId, mine };
}

function statusOf(entry: OutboxEntry): Pick<TimelineEntry, 'status' | 'error' | 'entryId' | 'waitsUntil'> {
  const { state: status, entryId } = entry;
  const error = status === 'failed' && 'error' in entry ? { error: entry.error } : {};
  const waitsUntil = entry.state === 'waiting' && (entry.isMuted || entry.isSlowed) ? entry.retryAt : undefined;
  return { status, entryId, ...error, ...(waitsUntil !== undefined && { waitsUntil }) };
}

/** Returns a line with the waiting entries laid over it; undefined if it is being deleted. */
function changedLine(row: Row, over: readonly OutboxEntry[], userId: string | undefined): TimelineEntry | undefined {
  const { message, mine, isRemoved, edit } = overlaid(row, over);
  if (isRemoved) return undefined;
  const line = { ...plainLine(row, userId), message, mine };
  return edit ? { ...line, ...statusOf(edit) } : line;
}

function waitingLine(
  entry: EntryOf<'send'>,
  over: readonly OutboxEntry[] = [],
  userId: string,
  seq: number,
): TimelineEntry | undefined {
  const line = changedLine(waitingRow(entry, seq, userId), over, userId);
  return line && { ...line, ...statusOf(entry) };
}

/** Returns deletions that can still be undone, oldest first. */
export function pendingDeletions({ outbox: { entries: outbox } }: State, now: number): PendingDeletion[] {
  return outbox.flatMap((entry) => {
    if (entry.kind !== 'delete' || entry.state !== 'waiting') return [];
    const { entryId, conversationId, messageId, notBefore, mayBeStored } = entry;
    return !mayBeStored && notBefore > now ? [{ entryId, conversationId, messageId, leavesAt: notBefore }] : [];
  });
}
