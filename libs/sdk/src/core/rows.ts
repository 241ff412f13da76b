import {
  compareEmoji,
  type ConversationChange,
  type Message,
  type OwnReaction,
  type Reaction,
} from '@cloudhop/contracts';
import { requoted, unquotedBelow, withNewerQuote } from './quotes';
import type { Feed, Row } from './state';

export type ReactionChange = Extract<ConversationChange, { kind: 'reaction' }>;

/** Returns the viewer's reactions of a reply by seq. */
export function ownBySeq(mine: readonly OwnReaction[]): ReadonlyMap<number, readonly string[]> {
  const bySeq = new Map<number, string[]>();
  for (const { seq, emoji } of mine) {
    const list = bySeq.get(seq);
    if (!list) bySeq.set(seq, [emoji]);
    else if (!list.includes(emoji)) list.push(emoji);
  }
  for (const list of bySeq.values()) list.sort(compareEmoji);
  return bySeq;
}

/** Returns a row of a reply, with the viewer's reactions. */
export function knownRow(message: Message, mine: readonly string[] = []): Row {
  return { message, mine };
}

/**
 * Returns the row of a live change. Own reactions are known only if the reactions did not change. Equal counts prove that
 * only if no rev was passed over since: one user may have replaced another.
 */
export function liveRow(before: Row | undefined, message: Message, passedOver = 0): Row {
  const mine = (before?.mine ?? []).filter((emoji) => message.reactions.some((reaction) => reaction.emoji === emoji));
  const isKnown =
    message.reactions.length === 0 ||
    (before !== undefined &&
      !before.isMineStale &&
      before.message.rev >= passedOver &&
      isSameReactions(before.message.reactions, message.reactions));
  return isKnown ? { message, mine } : { message, mine, isMineStale: true };
}

function isSameReactions(a: readonly Reaction[], b: readonly Reaction[]): boolean {
  return a.length === b.length && a.every(({ emoji, count }, i) => emoji === b[i]?.emoji && count === b[i]?.count);
}

/** Returns the row after one reaction was turned on or off, or the same row if it is not older. */
export function reactedRow(row: Row, change: ReactionChange, userId: string | undefined): Row {
  if (change.rev <= row.message.rev) return row;
  const reactions = withReaction(row.message.reactions, change.emoji, change.count);
  const message: Message = { ...row.message, rev: change.rev, reactions };
  const mine = change.userId === userId ? withOwn(row.mine, change.emoji, change.on) : row.mine;
  return row.isMineStale ? { message, mine, isMineStale: true } : { message, mine };
}

/** Returns the reactions with one count replaced, in the contract's order. */
export function withReaction(reactions: readonly Reaction[], emoji: string, count: number): Reaction[] {
  const others = reactions.filter((reaction) => reaction.emoji !== emoji);
  if (count <= 0) return others;
  return [...others, { emoji, count }].sort((a, b) => compareEmoji(a.emoji, b.emoji));
}

export function withOwn(mine: readonly string[], emoji: string, on: boolean): readonly string[] {
  if (mine.includes(emoji) === on) return mine;
  return on ? [...mine, emoji].sort(compareEmoji) : mine.filter((other) => other !== emoji);
}

/** Applies what changed since a page was read to the page's row. */
export function caughtUpRow(
  row: Row,
  changes: readonly ConversationChange[],
  userId: string | undefined,
  passedOver: number | undefined,
): Row {
  let current = row;
  for (const change of changes) {
    if (change.kind === 'reaction') {
      if (change.seq === current.message.seq) current = reactedRow(current, change, userId);
    } else if (change.kind === 'message' || change.kind === 'deleted') {
      if (change.message.seq === current.message.seq && change.message.rev > current.message.rev)
        current = withNewerQuote(liveRow(current, change.message, passedOver), current);
      else current = requoted(current, change.message);
    } else if (change.kind === 'floor') {
      current = unquotedBelow(current, change.floorSeq);
    }
  }
  return current;
}

/** Returns the row with this seq, also above a hole. */
export function findRow(feed: Feed, seq: number): Row | undefined {
  return feed.rows[seq - feed.first] ?? feed.ahead.get(seq);
}

/** Returns the contiguous head: the seq up to which rows are shown. */
export function contiguousHead(feed: Feed): number {
  return feed.first + feed.rows.length - 1;
}
