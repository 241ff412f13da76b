import type { ErrorBody, FactPayload, OpenReply, ReadMark } from '@cloudhop/contracts';
import { withKey, type Context } from './context';
import type { Feed, State } from './state';

/** Shortest interval between read marks of one conversation. */
const readEveryMs = 1_000;

/** Raises the read mark on this device. */
export function onMarkRead(ctx: Context, conversationId: string, seq: number): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed) return;
  const readSeq = Math.min(seq, feed.conversation.seq);
  if (readSeq > feed.readSeq) ctx.setFeed(conversationId, { ...feed, readSeq });
}

/** Sends read and delivery marks. The lobby's mark stays on the device. */
export function driveReads(ctx: Context): void {
  if (!ctx.state.connection.isSynced) return;
  const sendsReceipts = sendsReadReceipts(ctx.state);
  for (const [conversationId, feed] of ctx.state.feeds) {
    if (feed.conversation.kind === 'lobby' || feed.cursor === undefined) continue;
    const { readSent } = feed;
    // A restored database may have fewer messages than were read.
    const readSeq = Math.min(feed.readSeq, feed.conversation.seq);
    const isRead = readSeq > readSent;
    // A read mark implies delivery. Above the read mark there are no own messages.
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

/** Returns the highest loaded seq of another user. */
function deliveredOf({ rows }: Feed, userId: string | undefined): number {
  return rows.findLast(({ message }) => message.authorId !== userId)?.message.seq ?? 0;
}

/** Makes a read mark be sent again that was not stored. One that is invalid is not repeated. */
export function onReadFailed(ctx: Context, conversationId: string, error: ErrorBody | undefined): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed || error?.code === 'invalid') return;
  ctx.setFeed(conversationId, { ...feed, readSent: feed.conversation.readSeq ?? 0, deliveredSent: 0 });
}

/** Returns true where read marks of others are shown: in groups and direct conversations. */
export const hasReceipts = ({ conversation: { kind, peerId } }: Feed, userId?: string): boolean =>
  kind === 'group' || (kind === 'direct' && peerId !== userId);

/** Returns true if the user sends read receipts. Only then others' are shown. */
export function sendsReadReceipts({ personal: { settings } }: State): boolean {
  return settings.sendsReceipts && !settings.appearsOffline;
}

/** Applies read marks of others. Marks only rise. */
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

/**
 * Returns the feed with the server's read mark, which only rises. A mark that was sent but not confirmed is none of
 * the server's.
 */
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

/** Returns the feed with the members and read marks of an open's reply. */
export function withMembersAndMarks(feed: Feed, { members, readMarks }: OpenReply, userId: string | undefined): Feed {
  if (!members && !readMarks) return feed;
  const answered = new Set((readMarks ?? []).map((mark) => mark.userId));
  // Users who stopped sending receipts are not among them.
  const known = new Map([...feed.marks].filter(([id]) => answered.has(id)));
  return {
    ...feed,
    ...(members && { members: new Map(members.map((member) => [member.userId, member])) }),
    marks: withMarks(known, readMarks ?? [], userId),
  };
}
