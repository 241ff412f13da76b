import { withKey, type Context } from './context';

/** The server is told of a read mark at most this often per conversation. */
const readEveryMs = 1_000;

/** Moves the read mark on this device; it never goes back. */
export function onMarkRead(ctx: Context, conversationId: string, seq: number): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed) return;
  const readSeq = Math.min(seq, feed.conversation.seq);
  if (readSeq > feed.readSeq) ctx.setFeed(conversationId, { ...feed, readSeq });
}

/** Tells the server of read marks. The lobby's stays on the device. */
export function driveReads(ctx: Context): void {
  if (!ctx.state.connection.isSynced) return;
  for (const [conversationId, feed] of ctx.state.feeds) {
    if (feed.conversation.kind === 'lobby' || feed.cursor === undefined || feed.readSeq <= feed.readSent) continue;
    const at = ctx.state.readAt.get(conversationId) ?? 0;
    if (at > ctx.now) {
      ctx.wakeBy(at);
      continue;
    }
    if (!ctx.hasBudget) return ctx.wakeForBudget();
    const { readSeq } = feed;
    ctx.set({ readAt: withKey(ctx.state.readAt, conversationId, ctx.now + readEveryMs) });
    ctx.setFeed(conversationId, { ...feed, readSent: readSeq });
    ctx.request('conversation:read', { conversationId, seq: readSeq }, { kind: 'read', conversationId, seq: readSeq });
  }
}

/** The mark did not arrive: it is told again. */
export function onReadFailed(ctx: Context, conversationId: string): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (feed) ctx.setFeed(conversationId, { ...feed, readSent: feed.conversation.readSeq ?? 0 });
}
