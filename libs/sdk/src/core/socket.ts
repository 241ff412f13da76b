import type { ErrorBody } from '@cloudhop/contracts';
import { backoffMs, type Context } from './context';
import { recallSends, releaseLanes } from './lanes';
import { forgetCounts } from './presence';
import type { Feed } from './state';
import { forgetTyping } from './typing';

/** Plans the next attempt, later after each failure. */
export function backOff(ctx: Context, error: ErrorBody | undefined): void {
  const { attempts } = ctx.state.connection;
  const retryAt = ctx.now + backoffMs(attempts, ctx.random, error);
  ctx.setConnection({ attempts: attempts + 1, retryAt, reason: error });
}

/** Closes a connection that does not answer, and plans another. */
export function replaceSocket(ctx: Context): void {
  closeSocket(ctx);
  ctx.setConnection({ status: 'waiting' });
  backOff(ctx, undefined);
}

export function closeSocket(ctx: Context): void {
  const { status, socket } = ctx.state.connection;
  if (status === 'open' || status === 'opening') ctx.emit({ type: 'disconnect', socket });
  discardSocketState(ctx);
}

/** Discards what belongs to the socket: requests in flight get no answer any more. */
export function discardSocketState(ctx: Context): void {
  const feeds = new Map<string, Feed>();
  for (const [id, feed] of ctx.state.feeds) {
    const { page: _page, jumpWindow, ...rest } = feed;
    const { request, ...asking } = jumpWindow ?? {};
    // A read mark on its way may not have arrived.
    const readSent = feed.conversation.readSeq ?? 0;
    const isSame =
      !feed.page && !request && feed.sync === 'idle' && feed.readSent === readSent && feed.deliveredSent === 0;
    const next = { ...rest, ...(jumpWindow && { jumpWindow: asking as typeof jumpWindow }) };
    feeds.set(id, isSame ? feed : { ...next, sync: 'idle', readSent, deliveredSent: 0 });
  }
  ctx.set({ feeds });
  ctx.setSlice('requests', { pending: new Map() });
  ctx.setSlice('conversations', { toOpen: new Set(), opening: new Set(), pendingFrames: new Map() });
  ctx.setSlice('personalFeed', { pendingFrames: [], sync: 'idle' });
  ctx.setSlice('history', { mineAt: undefined });
  ctx.setConnection({ isSynced: false, drainAt: undefined, livenessDeadline: undefined });
  forgetCounts(ctx);
  forgetTyping(ctx);
  recallSends(ctx);
  releaseLanes(ctx);
}
