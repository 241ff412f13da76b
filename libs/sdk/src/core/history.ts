import type { HistoryReply } from '@cloudhop/contracts';
import { limits } from '@cloudhop/contracts';
import { onLoadInWindow } from './jump-window';
import { replaceSocket } from './socket';
import type { Context } from './context';
import type { Outcome } from './events';
import { applyPage, highestStale } from './feed';
import { onReadRefused } from './sync';
import type { Feed, PageRequest } from './state';
import { learnUsers } from './users';

/** Time over which clients spread their requests for own reactions that all of them missed. */
const mineSpreadMs = 5_000;

export function onLoadBefore(ctx: Context, conversationId: string): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (feed?.jumpWindow) return onLoadInWindow(ctx, conversationId, 'before');
  if (feed?.hasBefore && !feed.wantsBefore) ctx.setFeed(conversationId, { ...feed, wantsBefore: true });
}

/** Sends requests for older pages and for unknown own reactions, one at a time per conversation. */
export function drivePages(ctx: Context): void {
  const { connection } = ctx.state;
  if (connection.status !== 'open' || !connection.isSynced) return;
  for (const [id, feed] of ctx.state.feeds) {
    if (feed.cursor === undefined || feed.sync !== 'idle' || feed.page) continue;
    if (feed.wantsBefore && !feed.hasBefore) ctx.setFeed(id, { ...feed, wantsBefore: false });
    else if (feed.wantsBefore) ask(ctx, id, feed, 'before', feed.first, limits.openPage);
    else askForMine(ctx, id, feed);
  }
}

function askForMine(ctx: Context, conversationId: string, feed: Feed): void {
  const seq = highestStale(feed);
  if (seq === undefined) return;
  const at = ctx.state.history.mineAt ?? ctx.now + ctx.random * mineSpreadMs;
  if (at > ctx.now) {
    ctx.setSlice('history', { mineAt: at });
    return ctx.wakeBy(at);
  }
  ask(ctx, conversationId, feed, 'mine', seq + 1, limits.historyPage);
}

function ask(
  ctx: Context,
  conversationId: string,
  feed: Feed,
  purpose: PageRequest['purpose'],
  before: number,
  limit: number,
): void {
  if (ctx.state.connection.syncRetryAt > ctx.now) return ctx.wakeBy(ctx.state.connection.syncRetryAt);
  if (!ctx.canAsk) return ctx.wakeForBudget();
  if (purpose === 'mine') ctx.setSlice('history', { mineAt: undefined });
  const requestId = ctx.request(
    'conversation:history',
    { conversationId, before, limit },
    { kind: 'page', conversationId },
  );
  ctx.setFeed(conversationId, {
    ...feed,
    page: { purpose, requestId, before, cursorWhenAsked: feed.cursor ?? 0, pendingChanges: [] },
  });
}

export function onPageAnswered(
  ctx: Context,
  conversationId: string,
  requestId: number,
  outcome: Outcome<HistoryReply>,
): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (feed?.page?.requestId !== requestId) return;
  if (outcome.ok) {
    learnUsers(ctx, outcome.data.users);
    // A page that can't be used is requested again.
    const next = applyPage(feed, outcome.data, ctx.state.account.userId).feed;
    ctx.setFeed(conversationId, next);
    // The first request was spread already. The next page need not wait again.
    if (feed.page.purpose === 'mine' && (highestStale(next) ?? Infinity) < feed.page.before - 1)
      ctx.setSlice('history', { mineAt: ctx.now });
    return;
  }
  const { page: _, ...rest } = feed;
  ctx.setFeed(conversationId, rest);
  const { error } = outcome;
  if (!error) return replaceSocket(ctx);
  if (error.code === 'not_found' || error.code === 'banned')
    return ctx.setFeed(conversationId, { ...rest, wantsBefore: false });
  onReadRefused(ctx, error);
}
