import { type HistoryReply, limits } from '@cloudhop/contracts';
import { replaceSocket } from './socket';
import type { Context } from './context';
import type { Outcome } from './events';
import { readByWriting, wantedAround } from './feed';
import { caughtUpRow, contiguousHead, knownRow, ownBySeq } from './rows';
import type { Around, Feed, Row } from './state';
import { onReadRefused } from './sync';
import { learnUsers } from './users';

/** Rows kept around a message; beyond it those at the other end go. */
const mostRows = 1_000;

/** Shows a message: where it is loaded there, else among the rows around it, which are asked for. */
export function onJumpTo(ctx: Context, conversationId: string, seq: number): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed) return;
  const id = ctx.state.lastJump + 1;
  ctx.set({ lastJump: id });
  const { around: known, ...rest } = feed;
  const isKnown = known !== undefined && isAmong(known.rows, seq);
  // What is shown stays until there is something else to show.
  const elsewhere: Around = known ? { ...settled(known), wants: 'around' } : wantedAround;
  const here = known?.wants === 'around' ? settled(known) : known;
  const around: Around | undefined = isKnown ? here : isLoaded(feed, seq) ? undefined : elsewhere;
  ctx.setFeed(conversationId, { ...rest, jump: { seq, id }, ...(around && { around }) });
}

export function onJumpToLatest(ctx: Context, conversationId: string): void {
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed?.jump) return;
  const { around: _around, jump: _jump, ...rest } = feed;
  ctx.setFeed(conversationId, rest);
}

/** Goes on from the rows around a message, if there is more on that side. */
export function onLoadAround(ctx: Context, conversationId: string, wants: 'before' | 'after'): void {
  const feed = ctx.state.feeds.get(conversationId);
  const { around } = feed ?? {};
  if (!feed || !around || around.wants || !(wants === 'before' ? around.hasBefore : around.hasAfter)) return;
  ctx.setFeed(conversationId, { ...feed, around: { ...around, wants } });
}

/** Asks for the rows that a jump wants, one page at a time. */
export function driveAround(ctx: Context): void {
  const { connection } = ctx.state;
  if (connection.status !== 'open' || !connection.isSynced) return;
  for (const [conversationId, feed] of ctx.state.feeds) {
    const { around, jump } = feed;
    if (!around?.wants || around.request || !jump || feed.cursor === undefined || feed.sync !== 'idle') continue;
    if (around.wants === 'around' && isLoaded(feed, jump.seq)) {
      const { around: _, ...rest } = feed;
      ctx.setFeed(conversationId, rest);
      continue;
    }
    if (connection.syncRetryAt > ctx.now) return ctx.wakeBy(connection.syncRetryAt);
    if (!ctx.canAsk) return ctx.wakeForBudget();
    const range = rangeOf(around, jump.seq);
    const payload = { conversationId, ...range, limit: limits.openPage };
    const requestId = ctx.request('conversation:history', payload, { kind: 'around', conversationId });
    ctx.setFeed(conversationId, {
      ...feed,
      around: { ...around, request: { requestId, cursorWhenAsked: feed.cursor, kept: [] } },
    });
  }
}

/** The rows alone: a page that is on its way is for what was wanted before. */
function settled({ request: _request, wants: _wants, ...around }: Around): Around {
  return around;
}

function rangeOf({ rows, wants }: Around, seq: number): { around: number } | { before: number } | { after: number } {
  if (wants === 'before') return { before: rows[0]!.message.seq };
  if (wants === 'after') return { after: rows.at(-1)!.message.seq };
  return { around: seq };
}

export function onAroundAnswered(
  ctx: Context,
  conversationId: string,
  requestId: number,
  outcome: Outcome<HistoryReply>,
): void {
  const feed = ctx.state.feeds.get(conversationId);
  const { around } = feed ?? {};
  if (!feed || !around?.request || around.request.requestId !== requestId) return;
  if (outcome.ok) {
    learnUsers(ctx, outcome.data.users);
    return ctx.setFeed(conversationId, withPage(feed, around, outcome.data, ctx.state.userId));
  }
  const { request: _, ...asking } = around;
  ctx.setFeed(conversationId, { ...feed, around: asking });
  const { error } = outcome;
  if (!error) return replaceSocket(ctx);
  if (error.code === 'not_found' || error.code === 'banned') return onJumpToLatest(ctx, conversationId);
  onReadRefused(ctx, error);
}

function withPage(feed: Feed, around: Around, reply: HistoryReply, userId: string | undefined): Feed {
  const { request, wants, ...rest } = around;
  // Read below where we stood when we asked: what happened in between was never kept.
  if (!request || reply.rev < request.cursorWhenAsked) return { ...feed, around: { ...rest, ...(wants && { wants }) } };
  const mine = ownBySeq(reply.mine);
  const page = reply.messages
    .toSorted((a, b) => a.seq - b.seq)
    .map((message) => caughtUpRow(knownRow(message, mine.get(message.seq)), request.kept, userId, feed.passedOver));
  const side = wants ?? 'around';
  const rows = side === 'before' ? [...page, ...rest.rows] : side === 'after' ? [...rest.rows, ...page] : page;
  // What was jumped to lies below the floor, or beyond the head: there is nothing around it.
  if (rows.length === 0) return withoutAround(feed);
  const next: Around = {
    rows: side === 'after' ? rows.slice(-mostRows) : rows.slice(0, mostRows),
    hasBefore: (side === 'after' ? rest.hasBefore : reply.hasBefore) || (side === 'after' && rows.length > mostRows),
    hasAfter: (side === 'before' ? rest.hasAfter : reply.hasAfter) || (side !== 'after' && rows.length > mostRows),
  };
  return joined(readByWriting({ ...feed, around: next }, page, userId));
}

function withoutAround(feed: Feed): Feed {
  const { around: _, ...rest } = feed;
  return rest;
}

/** Where the rows around a message reach the latest ones they are one: nothing is apart any more. */
function joined(feed: Feed): Feed {
  const { around } = feed;
  const last = around?.rows.at(-1)?.message.seq ?? 0;
  // All of it is among the latest ones anyway.
  if (around && around.rows[0]!.message.seq >= feed.first && last <= contiguousHead(feed)) return withoutAround(feed);
  if (!around || last < feed.first - 1 || around.rows[0]!.message.seq > feed.first) return feed;
  const older = around.rows.filter(({ message }) => message.seq < feed.first);
  const first = older[0]?.message.seq ?? feed.first;
  const hasBefore = older.length > 0 ? around.hasBefore : feed.hasBefore;
  return withoutAround({ ...feed, first, rows: [...older, ...feed.rows], hasBefore });
}

function isLoaded(feed: Feed, seq: number): boolean {
  return feed.rows.length > 0 && seq >= feed.first && seq <= contiguousHead(feed);
}

function isAmong(rows: readonly Row[], seq: number): boolean {
  return rows.length > 0 && seq >= rows[0]!.message.seq && seq <= rows.at(-1)!.message.seq;
}
