import { type HistoryReply, limits } from '@cloudhop/contracts';
import { replaceSocket } from './socket';
import type { Context } from './context';
import type { Outcome } from './events';
import { emptyJumpWindow, readByWriting } from './feed';
import { rowsOfPage, withOlderRows } from './history-page';
import { contiguousHead } from './rows';
import type { Feed, JumpWindow, Row } from './state';
import { onReadRefused } from './sync';
import { learnUsers } from './users';

/** Bounds the rows around a jump target. Beyond it, rows at the other end are dropped. */
const maxRows = 1_000;

/** Jumps to a message: among the loaded rows if it is there, else in a window of rows around it, which is asked for. */
export function onJumpTo(ctx: Context, conversationId: string, seq: number): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed) return;
  const id = ctx.state.history.lastJump + 1;
  ctx.setSlice('history', { lastJump: id });
  const { jumpWindow: known, ...rest } = feed;
  const isKnown = known !== undefined && isAmong(known.rows, seq);
  // What is shown stays until there is something else to show.
  const elsewhere: JumpWindow = known ? { ...settled(known), wants: 'around' } : emptyJumpWindow;
  const here = known?.wants === 'around' ? settled(known) : known;
  const jumpWindow: JumpWindow | undefined = isKnown ? here : isLoaded(feed, seq) ? undefined : elsewhere;
  ctx.setFeed(conversationId, { ...rest, jump: { seq, id }, ...(jumpWindow && { jumpWindow }) });
}

export function onJumpToLatest(ctx: Context, conversationId: string): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed?.jump) return;
  const { jumpWindow: _window, jump: _jump, ...rest } = feed;
  ctx.setFeed(conversationId, rest);
}

/** Asks for the next page on one side of the window, if there is one. */
export function onLoadInWindow(ctx: Context, conversationId: string, wants: 'before' | 'after'): void {
  const feed = ctx.state.feeds.get(conversationId);
  const { jumpWindow } = feed ?? {};
  if (!feed || !jumpWindow || jumpWindow.wants) return;
  if (!(wants === 'before' ? jumpWindow.hasBefore : jumpWindow.hasAfter)) return;
  ctx.setFeed(conversationId, { ...feed, jumpWindow: { ...jumpWindow, wants } });
}

/** Sends the page request that a jump window waits for, one at a time. */
export function driveJumpWindow(ctx: Context): void {
  const { connection } = ctx.state;
  if (connection.status !== 'open' || !connection.isSynced) return;
  for (const [conversationId, feed] of ctx.state.feeds) {
    const { jumpWindow, jump } = feed;
    if (!jumpWindow?.wants || jumpWindow.request || !jump || feed.cursor === undefined || feed.sync !== 'idle')
      continue;
    if (jumpWindow.wants === 'around' && isLoaded(feed, jump.seq)) {
      ctx.setFeed(conversationId, withoutWindow(feed));
      continue;
    }
    if (connection.syncRetryAt > ctx.now) return ctx.wakeBy(connection.syncRetryAt);
    if (!ctx.canAsk) return ctx.wakeForBudget();
    const range = rangeOf(jumpWindow, jump.seq);
    const payload = { conversationId, ...range, limit: limits.openPage };
    const requestId = ctx.request('conversation:history', payload, { kind: 'jumpWindow', conversationId });
    ctx.setFeed(conversationId, {
      ...feed,
      jumpWindow: { ...jumpWindow, request: { requestId, cursorWhenAsked: feed.cursor, pendingChanges: [] } },
    });
  }
}

/** Returns the window without its request: a page in flight is for an earlier target. */
function settled({ request: _request, wants: _wants, ...rest }: JumpWindow): JumpWindow {
  return rest;
}

function rangeOf(
  { rows, wants }: JumpWindow,
  seq: number,
): { around: number } | { before: number } | { after: number } {
  if (wants === 'before') return { before: rows[0]!.message.seq };
  if (wants === 'after') return { after: rows.at(-1)!.message.seq };
  return { around: seq };
}

export function onWindowAnswered(
  ctx: Context,
  conversationId: string,
  requestId: number,
  outcome: Outcome<HistoryReply>,
): void {
  const feed = ctx.state.feeds.get(conversationId);
  const { jumpWindow } = feed ?? {};
  if (!feed || jumpWindow?.request?.requestId !== requestId) return;
  if (outcome.ok) {
    learnUsers(ctx, outcome.data.users);
    return ctx.setFeed(conversationId, withPage(feed, jumpWindow, outcome.data, ctx.state.account.userId));
  }
  const { request: _, ...asking } = jumpWindow;
  ctx.setFeed(conversationId, { ...feed, jumpWindow: asking });
  const { error } = outcome;
  if (!error) return replaceSocket(ctx);
  if (error.code === 'not_found' || error.code === 'banned') return onJumpToLatest(ctx, conversationId);
  onReadRefused(ctx, error);
}

function withPage(feed: Feed, jumpWindow: JumpWindow, reply: HistoryReply, userId: string | undefined): Feed {
  const { request, wants, ...rest } = jumpWindow;
  const page = request && rowsOfPage(reply, request, feed.passedOver, userId);
  if (!page) return { ...feed, jumpWindow: { ...rest, ...(wants && { wants }) } };
  const side = wants ?? 'around';
  const rows = side === 'before' ? [...page, ...rest.rows] : side === 'after' ? [...rest.rows, ...page] : page;
  // The target lies below the floor, or beyond the head: there is nothing around it.
  if (rows.length === 0) return withoutWindow(feed);
  const next: JumpWindow = {
    rows: side === 'after' ? rows.slice(-maxRows) : rows.slice(0, maxRows),
    hasBefore: (side === 'after' ? rest.hasBefore : reply.hasBefore) || (side === 'after' && rows.length > maxRows),
    hasAfter: (side === 'before' ? rest.hasAfter : reply.hasAfter) || (side !== 'after' && rows.length > maxRows),
  };
  return mergedWithLatest(readByWriting({ ...feed, jumpWindow: next }, page, userId));
}

function withoutWindow(feed: Feed): Feed {
  const { jumpWindow: _, ...rest } = feed;
  return rest;
}

/** Merges the window with the latest rows where the two touch. */
function mergedWithLatest(feed: Feed): Feed {
  const { jumpWindow } = feed;
  if (!jumpWindow) return feed;
  const first = jumpWindow.rows[0]!.message.seq;
  const last = jumpWindow.rows.at(-1)!.message.seq;
  // All of it is among the latest ones anyway.
  if (first >= feed.first && last <= contiguousHead(feed)) return withoutWindow(feed);
  if (last < feed.first - 1 || first > feed.first) return feed;
  const older = jumpWindow.rows.filter(({ message }) => message.seq < feed.first);
  return withoutWindow(withOlderRows(feed, older, older.length > 0 ? jumpWindow.hasBefore : feed.hasBefore));
}

function isLoaded(feed: Feed, seq: number): boolean {
  return feed.rows.length > 0 && seq >= feed.first && seq <= contiguousHead(feed);
}

function isAmong(rows: readonly Row[], seq: number): boolean {
  return rows.length > 0 && seq >= rows[0]!.message.seq && seq <= rows.at(-1)!.message.seq;
}
