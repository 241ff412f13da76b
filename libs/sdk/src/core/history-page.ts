import type { ConversationChange, HistoryReply } from '@cloudhop/contracts';
import { caughtUpRow, knownRow, ownBySeq } from './rows';
import type { Feed, PageInFlight, Row } from './state';

/** Bounds the changes that are buffered during a page request. */
const maxPendingChanges = 500;

/** Buffers changes for a page in flight. Beyond the bound the page will look too old, and is asked for again. */
export function withPendingChanges<R extends PageInFlight>(
  request: R,
  changes: readonly ConversationChange[],
  cursor = 0,
): R {
  const all = [...request.pendingChanges, ...changes];
  return all.length > maxPendingChanges
    ? { ...request, pendingChanges: [], cursorWhenAsked: cursor }
    : { ...request, pendingChanges: all };
}

/**
 * Returns the rows of a page by seq, with the changes since the request applied. Returns undefined if the page was read
 * below the cursor of the request: changes between the two were never buffered.
 */
export function rowsOfPage(
  reply: HistoryReply,
  request: PageInFlight,
  passedOver: number | undefined,
  userId: string | undefined,
): readonly Row[] | undefined {
  if (reply.rev < request.cursorWhenAsked) return undefined;
  const mine = ownBySeq(reply.mine);
  return reply.messages
    .toSorted((a, b) => a.seq - b.seq)
    .map((message) =>
      caughtUpRow(knownRow(message, mine.get(message.seq)), request.pendingChanges, userId, passedOver),
    );
}

/** Puts rows before those of a feed. `older` is dense and ends right below them. */
export function withOlderRows(feed: Feed, older: readonly Row[], hasBefore: boolean): Feed {
  const first = older[0]?.message.seq ?? feed.first;
  return { ...feed, first, rows: [...older, ...feed.rows], hasBefore };
}
