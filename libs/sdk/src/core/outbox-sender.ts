import { limits, type ErrorBody, type ExpiredMessage, type Message, type Sending } from '@cloudhop/contracts';
import { replaceSocket } from './socket';
import { backoffMs, type Context } from './context';
import type { Outcome } from './events';
import { discard, dropEntries, findEntry, updateEntry } from './outbox';
import { type EntryIn, type EntryOf, type OutboxEntry, type WaitingState, hasNotLeft, inState } from './outbox-entry';
import { findRowById } from './overlay';
import { withOwn } from './rows';
import { onRequestRefused } from './sync';
import type { State } from './state';

/** Idle time after which a tab adopts another tab's entry, where there are no locks. */
const adoptAfterMs = 30_000;
/** Number of internal errors after which an entry fails. */
const maxFaults = 5;

/** Sends what may leave: one entry in flight per conversation, in the order in which they were made. */
export function driveOutbox(ctx: Context): void {
  if (ctx.state.outbox.entries.length === 0 && ctx.state.outbox.lanes.size === 0) return;
  giveUpOld(ctx);
  dropUnsentDeleted(ctx);
  const byConversation = new Map<string, OutboxEntry[]>();
  for (const entry of ctx.state.outbox.entries) {
    const entries = byConversation.get(entry.conversationId);
    if (entries) entries.push(entry);
    else byConversation.set(entry.conversationId, [entry]);
  }
  for (const conversationId of ctx.state.outbox.lanes.keys())
    if (!byConversation.has(conversationId)) byConversation.set(conversationId, []);
  for (const [conversationId, entries] of byConversation) driveLane(ctx, conversationId, entries);
}

function driveLane(ctx: Context, conversationId: string, entries: readonly OutboxEntry[]): void {
  const lane = ctx.lane(conversationId);
  const hasWork = entries.some(({ state }) => state === 'waiting' || state === 'sending');
  if (!hasWork) {
    if (lane.claim !== 'none') ctx.emit({ type: 'release', conversationId });
    const lanes = new Map(ctx.state.outbox.lanes);
    if (lanes.delete(conversationId)) ctx.setSlice('outbox', { lanes });
    return;
  }
  if (!ctx.state.connection.isSynced || ctx.state.connection.status !== 'open') {
    for (const entry of entries)
      if (entry.state === 'waiting' && entry.kind === 'delete' && entry.notBefore > ctx.now)
        ctx.wakeBy(entry.notBefore);
    return;
  }
  if (ctx.state.device.hasLocks && lane.claim !== 'held') {
    if (lane.claim === 'none') {
      const claimId = ctx.state.outbox.lastClaim + 1;
      ctx.setSlice('outbox', { lastClaim: claimId });
      ctx.setLane(conversationId, { claim: 'requested', claimId });
      ctx.emit({ type: 'claim', conversationId, claimId });
    }
    return;
  }
  if (lane.retryAt > ctx.now) return ctx.wakeBy(lane.retryAt);
  const next = nextEntry(ctx, entries);
  if (!next) return;
  if (!ctx.hasBudget) return ctx.wakeForBudget();
  emitEntry(ctx, next);
}

/** Returns the first entry that nothing holds. Plans a step for those that only wait for the clock. */
function nextEntry(ctx: Context, entries: readonly OutboxEntry[]): OutboxEntry | undefined {
  if (entries.some(({ state }) => state === 'sending')) return undefined;
  const removed = new Set(entries.filter(({ kind }) => kind === 'delete').map(({ messageId }) => messageId));
  const heldMessages = new Set<string>();
  let areSendsHeld = false;
  for (const entry of entries) {
    if (entry.state === 'sent') continue;
    const isSend = entry.kind === 'send';
    const wait = waitOf(ctx, entry);
    if (wait !== undefined) ctx.wakeBy(wait);
    // A deletion that can be undone holds nothing. Any other waiting entry holds later ones.
    if (wait !== undefined && entry.kind === 'delete') continue;
    const isHeld =
      entry.state === 'failed' ||
      !entry.isStored ||
      wait !== undefined ||
      heldMessages.has(entry.messageId) ||
      (isSend && (areSendsHeld || isAwaitingDeletion(entry, removed)));
    if (!isHeld) return entry;
    heldMessages.add(entry.messageId);
    // A refused entry holds later ones: a reply must not overtake the question.
    if (isSend || (entry.kind === 'edit' && entry.state === 'failed' && isOnScreen(ctx, entry))) areSendsHeld = true;
  }
  return undefined;
}

/** Returns true if the message is drawn: only what the user can see and decide on may hold later messages. */
function isOnScreen(ctx: Context, { conversationId, messageId }: OutboxEntry): boolean {
  const row = findRowById(ctx.state.feeds.get(conversationId), messageId);
  if (row) return row.message.deletedAt === undefined;
  return ctx.state.outbox.entries.some((entry) => entry.kind === 'send' && entry.messageId === messageId);
}

/** Returns true for a send that waits for its own deletion. One that the server may have must be sent to be deleted. */
function isAwaitingDeletion(entry: OutboxEntry, removed: ReadonlySet<string>): boolean {
  return removed.has(entry.messageId) && !entry.mayBeStored;
}

/** Returns the time until which only the clock holds an entry. */
function waitOf(ctx: Context, entry: OutboxEntry): number | undefined {
  if (entry.state !== 'waiting') return undefined;
  const adoptAt =
    ctx.state.device.hasLocks || entry.owner === ctx.state.device.tabId ? 0 : entry.touchedAt + adoptAfterMs;
  const notBefore = entry.kind === 'delete' ? entry.notBefore : 0;
  const at = Math.max(notBefore, entry.retryAt ?? 0, adoptAt);
  return at > ctx.now ? at : undefined;
}

function emitEntry(ctx: Context, entry: OutboxEntry): void {
  const { conversationId, entryId, messageId: id } = entry;
  const isAdopted = entry.owner !== ctx.state.device.tabId;
  const change = { owner: ctx.state.device.tabId, touchedAt: ctx.now };
  updateEntry(ctx, entryId, (waiting) => inState(waiting, { state: 'sending' }, change), isAdopted);
  const pending = { kind: 'entry', entryId, conversationId } as const;
  switch (entry.kind) {
    case 'send':
      return void ctx.request('message:send', { conversationId, id, body: entry.body, ...sendingOf(entry) }, pending);
    case 'edit':
      return void ctx.request('message:edit', { conversationId, id, body: entry.body, editId: entryId }, pending);
    case 'delete':
      return void ctx.request('message:delete', { conversationId, id }, pending);
    case 'react':
      return void ctx.request('message:react', { conversationId, id, emoji: entry.emoji, on: entry.on }, pending);
  }
}

function sendingOf({ replyTo, isForwarded }: EntryOf<'send'>): Sending {
  return { ...(replyTo !== undefined && { replyTo }), ...(isForwarded && { isForwarded }) };
}

export function onEntryAnswered(ctx: Context, entryId: string, outcome: Outcome<Message | ExpiredMessage>): void {
  const entry = findEntry(ctx, entryId);
  if (!entry) return;
  if (!outcome.ok) return onEntryFailed(ctx, entry, outcome.error);
  ctx.setLane(entry.conversationId, { failures: 0, retryAt: 0 });
  const { data } = outcome;
  if ('expired' in data) return dropEntries(ctx, new Set([entryId]));
  const sent = { state: 'sent', seq: data.seq, rev: data.rev, epoch: ctx.state.epoch } as const;
  updateEntry(ctx, entryId, (sending) => inState(sending, sent, { failures: 0, touchedAt: ctx.now }));
}

function onEntryFailed(ctx: Context, entry: OutboxEntry, error: ErrorBody | undefined): void {
  const { entryId, conversationId, failures } = entry;
  const wait = (until: Omit<WaitingState, 'state'> = {}, change: { mayBeStored?: true } = {}, mustStore = false) =>
    updateEntry(
      ctx,
      entryId,
      (sending) =>
        inState(sending, { state: 'waiting', ...until }, { failures: failures + 1, touchedAt: ctx.now, ...change }),
      mustStore,
    );
  const { retryAfterMs } = error ?? {};
  switch (error?.code) {
    case undefined:
      wait({}, { mayBeStored: true });
      // No answer in time: the connection only looks alive.
      return replaceSocket(ctx);
    case 'rate_limited':
    case 'overloaded':
    case 'unavailable':
      wait();
      return pauseLane(ctx, conversationId, error);
    case 'slow_mode':
      return wait({ isSlowed: true, retryAt: ctx.now + backoffMs(failures, ctx.random, error) });
    case 'muted':
      if (retryAfterMs === undefined) return refuse(ctx, entry, error);
      return wait({ isMuted: true, retryAt: endOfMute(ctx, entry, error) });
    case 'reply_unknown':
      // The answered message was lost with a timeline of the database: sends the text without the reference.
      updateEntry(ctx, entryId, withoutReply, false);
      return wait({}, {}, true);
    case 'session_ended':
    case 'unauthenticated':
    case 'token_expired':
      wait();
      pauseLane(ctx, conversationId, error);
      return onRequestRefused(ctx, error);
    case 'internal':
      if (failures + 1 >= maxFaults) return refuse(ctx, entry, error);
      wait({}, { mayBeStored: true });
      return pauseLane(ctx, conversationId, error);
    default:
      return refuse(ctx, entry, error!);
  }
}

function withoutReply(entry: OutboxEntry): OutboxEntry {
  if (entry.kind !== 'send') return entry;
  const { replyTo: _replyTo, quote: _quote, ...rest } = entry;
  return rest;
}

/** Returns the time of the next attempt during a mute. A mute that this device does not know may end sooner. */
function endOfMute(ctx: Context, { conversationId, failures }: OutboxEntry, error: ErrorBody): number {
  const isKnown = ctx.state.feeds.get(conversationId)?.conversation.mutedUntil !== undefined;
  const retryAfterMs = Math.min(error.retryAfterMs ?? 0, isKnown ? Infinity : limits.reconnectMaxMs);
  return ctx.now + backoffMs(failures, ctx.random, { ...error, retryAfterMs });
}

/** Ends waits for a mute or slow mode that has changed. */
function liftWaits(ctx: Context, before: State): void {
  for (const entry of ctx.state.outbox.entries) {
    if (entry.state !== 'waiting') continue;
    const { entryId, conversationId, isMuted, isSlowed } = entry;
    const now = ctx.state.feeds.get(conversationId)?.conversation;
    const then = before.feeds.get(conversationId)?.conversation;
    const isOver =
      (isMuted && then?.mutedUntil !== now?.mutedUntil) ||
      (isSlowed && (then?.slowModeMs !== now?.slowModeMs || then?.role !== now?.role));
    if (isOver) updateEntry(ctx, entryId, (waiting) => inState(waiting, { state: 'waiting' }), false);
  }
}

/** Fails a refused send or edit. Drops other refused entries, and notifies the user. */
function refuse(ctx: Context, entry: OutboxEntry, error: ErrorBody): void {
  // An edit of a deleted message has no line to be shown on.
  const isKept = entry.kind === 'send' || (entry.kind === 'edit' && error.code !== 'not_found');
  if (isKept)
    return updateEntry(ctx, entry.entryId, (sending) =>
      inState(sending, { state: 'failed', error }, { touchedAt: ctx.now }),
    );
  dropEntries(ctx, new Set([entry.entryId]));
  // not_found: the message is deleted already.
  if (entry.kind !== 'delete' || error.code !== 'not_found') ctx.notice('refused', error);
}

function pauseLane(ctx: Context, conversationId: string, error: ErrorBody | undefined): void {
  const { failures } = ctx.lane(conversationId);
  ctx.setLane(conversationId, { failures: failures + 1, retryAt: ctx.now + backoffMs(failures, ctx.random, error) });
}

/** Fails entries older than limits.outboxAskAfterMs: their author decides whether to send them. */
function giveUpOld(ctx: Context): void {
  for (const entry of ctx.state.outbox.entries)
    if (entry.state === 'waiting' && ctx.now - entry.createdAt > limits.outboxAskAfterMs) giveUp(ctx, entry);
}

function giveUp(ctx: Context, entry: OutboxEntry): void {
  if (entry.kind === 'send' || entry.kind === 'edit')
    updateEntry(ctx, entry.entryId, (old) => inState(old, { state: 'failed', isOld: true }));
  else dropEntries(ctx, new Set([entry.entryId]));
}

/** Drops sends that were deleted before they left. */
function dropUnsentDeleted(ctx: Context): void {
  for (const entry of ctx.state.outbox.entries) {
    if (entry.kind !== 'delete' || entry.state !== 'waiting' || entry.notBefore > ctx.now) continue;
    const send = ctx.state.outbox.entries.find((other) => other.kind === 'send' && other.messageId === entry.messageId);
    if (send && hasNotLeft(send)) discard(ctx, send);
  }
}

/** Drops entries whose effect is in the loaded rows, or below them. */
export function settleOutbox(ctx: Context, before: State): void {
  if (
    ctx.state.outbox.entries.length === 0 ||
    (before.outbox.entries === ctx.state.outbox.entries && before.feeds === ctx.state.feeds)
  )
    return;
  if (before.feeds !== ctx.state.feeds) liftWaits(ctx, before);
  const landed = new Set<string>();
  for (const entry of ctx.state.outbox.entries) if (hasLanded(ctx, entry)) landed.add(entry.entryId);
  dropEntries(ctx, landed);
}

function hasLanded(ctx: Context, entry: OutboxEntry): boolean {
  // Another tab may have stored it before it knew.
  if (ctx.state.conversations.gone.has(entry.conversationId)) return true;
  const feed = ctx.state.feeds.get(entry.conversationId);
  if (!feed) return false;
  if (feed.cursor === undefined) return entry.state === 'sent' && !isToBeRead(ctx.state, entry.conversationId);
  if (entry.kind === 'edit' && entry.state === 'failed')
    return findRowById(feed, entry.messageId)?.message.deletedAt !== undefined;
  if (entry.state !== 'sent') return entry.kind === 'send' && findRowById(feed, entry.messageId) !== undefined;
  const row = feed.rows[entry.seq - feed.first];
  if (entry.kind === 'send') return entry.seq < feed.first || row !== undefined;
  // Rows that are not loaded are not drawn.
  if (!row) return entry.seq < feed.first;
  if (row.message.rev < entry.rev) return false;
  // The acknowledged state itself: the own reaction is known without a frame.
  if (entry.kind === 'react' && row.message.rev === entry.rev) {
    const mine = withOwn(row.mine, entry.emoji, entry.on);
    if (mine !== row.mine && !row.isMineStale) setMine(ctx, entry, mine);
  }
  return true;
}

/** Returns true if the conversation is opened or will be. Otherwise nothing is drawn of its entries. */
function isToBeRead(
  { conversations: { opened, neverOpened, toOpen, opening } }: State,
  conversationId: string,
): boolean {
  return [opened, neverOpened, toOpen, opening].some((ids) => ids.has(conversationId));
}

function setMine(ctx: Context, entry: EntryIn<'sent'>, mine: readonly string[]): void {
  const feed = ctx.state.feeds.get(entry.conversationId)!;
  const index = entry.seq - feed.first;
  ctx.setFeed(entry.conversationId, { ...feed, rows: feed.rows.with(index, { ...feed.rows[index]!, mine }) });
}
