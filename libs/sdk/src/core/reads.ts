import type { ErrorBody, FactPayload, OpenReply, ReadMark } from '@cloudhop/contracts';
import { withKey, type Context } from './context';
import type { Feed, State } from './state';

/** The server is told of a read mark at most this often per conversation. */
const readEveryMs = 1_000;

/** Moves the read mark on this device; it never goes back. */
export function onMarkRead(ctx: Context, conversationId: string, seq: number): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed) return;
  const readSeq = Math.min(seq, feed.conversation.seq);
  if (readSeq > feed.readSeq) ctx.setFeed(conversationId, { ...feed, readSeq });
}

/** Tells the server what was read and what has come. The lobby's mark stays on the device. */
export function driveReads(ctx: Context): void {
  if (!ctx.state.connection.isSynced) return;
  const sendsReceipts = sendsReadReceipts(ctx.state);
  for (const [conversationId, feed] of ctx.state.feeds) {
    if (feed.conversation.kind === 'lobby' || feed.cursor === undefined) continue;
    const { readSent } = feed;
    // A database that was restored may know of less than was read.
    const readSeq = Math.min(feed.readSeq, feed.conversation.seq);
    const isRead = readSeq > readSent;
    // What was read was delivered, without words; and above what one has read nothing is one's own.
    const known = Math.max(feed.deliveredSent, readSeq, readSent);
    const isNews = sendsReceipts && hasReceipts(feed) && (feed.rows.at(-1)?.message.seq ?? 0) > known;
    const delivered = isNews ? deliveredOf(feed, ctx.state.account.userId) : 0;
    const isDelivered = delivered > known;
    if (!isRead && !isDelivered) continue;
    const at = ctx.state.pacing.readAt.get(conversationId) ?? 0;
    if (at > ctx.now) {
      ctx.wakeBy(at);
      continue;
    }
    if (!ctx.hasBudget) return ctx.wakeForBudget();
    ctx.setSlice('pacing', { readAt: withKey(ctx.state.pacing.readAt, conversationId, ctx.now + readEveryMs) });
    ctx.setFeed(conversationId, {
      ...feed,
      readSent: Math.max(readSeq, readSent),
      deliveredSent: Math.max(delivered, feed.deliveredSent),
    });
    const marks = { ...(isRead && { seq: readSeq }), ...(isDelivered && { deliveredSeq: delivered }) };
    ctx.request('conversation:read', { conversationId, ...marks }, { kind: 'read', conversationId });
  }
}

/** The highest seq of somebody else's that is here: one's own are no news to oneself. */
function deliveredOf({ rows }: Feed, userId: string | undefined): number {
  return rows.findLast(({ message }) => message.authorId !== userId)?.message.seq ?? 0;
}

/** The mark did not arrive: it is told again. What the server can't make sense of is not. */
export function onReadFailed(ctx: Context, conversationId: string, error: ErrorBody | undefined): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed || error?.code === 'invalid') return;
  ctx.setFeed(conversationId, { ...feed, readSent: feed.conversation.readSeq ?? 0, deliveredSent: 0 });
}

/** Where people are few enough to know what everybody has read. */
export const hasReceipts = ({ conversation: { kind, peerId } }: Feed, userId?: string): boolean =>
  kind === 'group' || (kind === 'direct' && peerId !== userId);

/** Receipts go both ways or not at all. */
export function sendsReadReceipts({ personal: { settings } }: State): boolean {
  return settings.sendsReceipts && !settings.appearsOffline;
}

/** How far others have come: only ever further. */
export function onReadMarks(ctx: Context, { conversationId, marks }: FactPayload<'read:changed'>): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (feed) ctx.setFeed(conversationId, { ...feed, marks: withMarks(feed.marks, marks, ctx.state.account.userId) });
}

export function withMarks(
  known: Feed['marks'],
  marks: readonly ReadMark[],
  userId: string | undefined,
): ReadonlyMap<string, ReadMark> {
  const next = new Map(known);
  for (const mark of marks) {
    const before = next.get(mark.userId);
    if (mark.userId === userId) continue;
    next.set(mark.userId, {
      userId: mark.userId,
      readSeq: Math.max(mark.readSeq, before?.readSeq ?? 0),
      deliveredSeq: Math.max(mark.deliveredSeq, before?.deliveredSeq ?? 0),
    });
  }
  return next;
}

/** The feed with the server's read mark, which only rises; what was told but not confirmed is no mark of the server. */
export function withMark(feed: Feed, readSeq: number | undefined): Feed {
  if (readSeq === undefined) return feed;
  const known = Math.max(feed.conversation.readSeq ?? 0, readSeq);
  return {
    ...feed,
    conversation: { ...feed.conversation, readSeq: known },
    readSent: Math.max(feed.readSent, known),
    readSeq: Math.max(feed.readSeq, known),
  };
}

/** The feed with who is in it and how far they have come, as an open answered. */
export function withMembersAndMarks(feed: Feed, { members, readMarks }: OpenReply, userId: string | undefined): Feed {
  if (!members && !readMarks) return feed;
  const answered = new Set((readMarks ?? []).map((mark) => mark.userId));
  // Who lets nobody know any more is not among them.
  const known = new Map([...feed.marks].filter(([id]) => answered.has(id)));
  return {
    ...feed,
    ...(members && { members: new Map(members.map((member) => [member.userId, member])) }),
    marks: withMarks(known, readMarks ?? [], userId),
  };
}
