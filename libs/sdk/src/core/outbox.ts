import { limits, type ErrorBody, type Message, type RequestReply } from '@cloudhop/contracts';
import { replaceSocket } from './connection';
import { backoffMs, type Context } from './context';
import type { EventOf, Outcome } from './events';
import { contiguousHead, findRow } from './rows';
import type { Feed, OutboxEntry } from './state';
import { onRequestRefused } from './sync';

/** Without locks a tab takes over what another one has not touched for this long. */
const adoptAfterMs = 30_000;
/** Failures for a reason nobody foresaw, after which the person is asked. */
const mostFailures = 5;
/** Refusals that pass by themselves: the entry waits and goes again, as it is. */
const passing = new Set(['rate_limited', 'slow_mode', 'overloaded', 'unavailable', 'internal']);
const ofTheSession = new Set(['session_ended', 'unauthenticated', 'token_expired']);
/** How far back a row is looked for whose acknowledgement was lost. */
const searchedRows = 500;

type Draft = Pick<OutboxEntry, 'entryId' | 'kind' | 'conversationId' | 'messageId'> & Partial<OutboxEntry>;

function addEntry(ctx: Context, draft: Draft): void {
  const entry: OutboxEntry = {
    createdAt: ctx.now,
    shownAt: ctx.now + (ctx.state.clockOffset ?? 0),
    state: 'waiting',
    failures: 0,
    mayBeStored: false,
    owner: ctx.state.tabId,
    touchedAt: ctx.now,
    isStored: false,
    ...draft,
  };
  ctx.set({ outbox: insertEntry(ctx.state.outbox, entry) });
  ctx.emit({ type: 'storeEntry', entry });
}

function insertEntry(outbox: readonly OutboxEntry[], entry: OutboxEntry): readonly OutboxEntry[] {
  const at = outbox.findIndex(({ entryId }) => entryId > entry.entryId);
  return at === -1 ? [...outbox, entry] : [...outbox.slice(0, at), entry, ...outbox.slice(at)];
}

function changeEntry(ctx: Context, entry: OutboxEntry, change: Partial<OutboxEntry>, isLasting = true): OutboxEntry {
  const next = { ...entry, ...change, touchedAt: ctx.now };
  ctx.set({ outbox: ctx.state.outbox.map((other) => (other.entryId === entry.entryId ? next : other)) });
  if (isLasting) ctx.emit({ type: 'storeEntry', entry: next });
  return next;
}

function dropEntry(ctx: Context, entryId: string): void {
  ctx.set({ outbox: ctx.state.outbox.filter((entry) => entry.entryId !== entryId) });
  ctx.emit({ type: 'dropEntry', entryId });
}

function findEntry(ctx: Context, entryId: string): OutboxEntry | undefined {
  return ctx.state.outbox.find((entry) => entry.entryId === entryId);
}

/** True while nobody but this device can know of the entry. */
function isUnsent(entry: OutboxEntry): boolean {
  return (entry.state === 'waiting' || entry.state === 'failed') && !entry.mayBeStored;
}

function unsentOf(ctx: Context, kind: OutboxEntry['kind'], messageId: string): OutboxEntry | undefined {
  return ctx.state.outbox.find((entry) => entry.kind === kind && entry.messageId === messageId && isUnsent(entry));
}

export function onSend(ctx: Context, { conversationId, id, body }: EventOf<'send'>): void {
  addEntry(ctx, { entryId: id, kind: 'send', conversationId, messageId: id, body });
}

/** What has not left yet is amended; else the edit queues behind what left. */
export function onEdit(ctx: Context, { conversationId, messageId, entryId, body }: EventOf<'edit'>): void {
  const unsent = unsentOf(ctx, 'send', messageId) ?? unsentOf(ctx, 'edit', messageId);
  if (unsent)
    changeEntry(ctx, unsent, { body, state: 'waiting', error: undefined, retryAt: undefined, createdAt: ctx.now });
  else addEntry(ctx, { entryId, kind: 'edit', conversationId, messageId, body });
}

export function onRemove(ctx: Context, { conversationId, messageId, entryId }: EventOf<'remove'>): void {
  const isKnown = ctx.state.outbox.some((entry) => entry.kind === 'delete' && entry.messageId === messageId);
  if (!isKnown)
    addEntry(ctx, { entryId, kind: 'delete', conversationId, messageId, notBefore: ctx.now + limits.undoDeleteMs });
}

export function onUndoRemove(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry?.kind === 'delete' && isUnsent(entry)) dropEntry(ctx, entryId);
}

export function onReact(ctx: Context, { conversationId, messageId, entryId, emoji, on }: EventOf<'react'>): void {
  const unsent = ctx.state.outbox.find(
    (entry) => entry.kind === 'react' && entry.messageId === messageId && entry.emoji === emoji && isUnsent(entry),
  );
  if (unsent) changeEntry(ctx, unsent, { on });
  else addEntry(ctx, { entryId, kind: 'react', conversationId, messageId, emoji, on });
}

export function onRetry(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry?.state !== 'failed') return;
  const again = {
    state: 'waiting',
    error: undefined,
    retryAt: undefined,
    isOld: undefined,
    failures: 0,
    createdAt: ctx.now,
  } as const;
  changeEntry(ctx, entry, { ...again, owner: ctx.state.tabId });
}

export function onDiscard(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry && entry.state !== 'sending') dropEntry(ctx, entryId);
}

export function onEntryStored(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry && !entry.isStored) changeEntry(ctx, entry, { isStored: true }, false);
}

/** What storage holds now, after another tab changed it. */
export function onOutboxLoaded(ctx: Context, stored: readonly OutboxEntry[]): void {
  const byId = new Map(stored.map((entry) => [entry.entryId, entry]));
  const kept = ctx.state.outbox.flatMap((entry) => {
    const other = byId.get(entry.entryId);
    byId.delete(entry.entryId);
    // Gone from storage: another tab saw it through. What is in flight here, or not stored yet, is ours to say.
    if (!other) return entry.isStored && entry.state !== 'sending' && entry.state !== 'sent' ? [] : [entry];
    return entry.state === 'sending' || entry.touchedAt >= other.touchedAt ? [entry] : [{ ...other, isStored: true }];
  });
  const outbox = [...kept, ...[...byId.values()].map((entry) => ({ ...entry, isStored: true }))];
  ctx.set({ outbox: outbox.sort((a, b) => (a.entryId < b.entryId ? -1 : 1)) });
}

/** Sends what is next in every conversation: one at a time, in order. */
export function driveOutbox(ctx: Context): void {
  const { state } = ctx;
  if (state.outbox.length === 0 && state.lanes.size === 0) return;
  const waiting = new Set<string>();
  for (const entry of state.outbox)
    if (entry.state === 'waiting' || entry.state === 'sending') waiting.add(entry.conversationId);
  for (const [conversationId, lane] of state.lanes) {
    if (waiting.has(conversationId) || lane.claim === 'none') continue;
    ctx.emit({ type: 'release', conversationId });
    ctx.setLane(conversationId, { claim: 'none' });
  }
  for (const conversationId of waiting) driveLane(ctx, conversationId);
}

function driveLane(ctx: Context, conversationId: string): void {
  const next = nextEntry(ctx, conversationId);
  if (!next || !ctx.state.connection.isSynced) return;
  if (ctx.state.hasLocks) {
    const { claim } = ctx.lane(conversationId);
    if (claim === 'none') {
      ctx.setLane(conversationId, { claim: 'asked' });
      ctx.emit({ type: 'claim', conversationId });
    }
    if (claim !== 'held') return;
  } else if (next.owner !== ctx.state.tabId) {
    const adoptAt = next.touchedAt + adoptAfterMs;
    if (adoptAt > ctx.now) return ctx.wakeBy(adoptAt);
  }
  if (!ctx.hasBudget) return ctx.wakeForBudget();
  sendEntry(ctx, changeEntry(ctx, next, { state: 'sending', owner: ctx.state.tabId }));
}

/** The entry that may leave now, if any; asks to be woken for one that may leave later. */
function nextEntry(ctx: Context, conversationId: string): OutboxEntry | undefined {
  let isHeld = false;
  for (const entry of ctx.state.outbox) {
    if (entry.conversationId !== conversationId || entry.state === 'sent') continue;
    if (entry.state === 'sending') return undefined;
    if (entry.state === 'failed') {
      // A refusal holds what was written after it: it may only make sense together.
      isHeld ||= entry.kind === 'send' || entry.kind === 'edit';
      continue;
    }
    if (entry.notBefore !== undefined && entry.notBefore > ctx.now) {
      ctx.wakeBy(entry.notBefore);
      continue;
    }
    if (entry.kind === 'delete' && forgetUnsent(ctx, entry)) continue;
    if (entry.kind === 'send' && (isHeld || isBeingRemoved(ctx, entry))) continue;
    if (entry.kind === 'edit' && isHeld) continue;
    if (isTooOld(ctx, entry)) {
      isHeld ||= entry.kind === 'send' || entry.kind === 'edit';
      continue;
    }
    if (entry.retryAt !== undefined && entry.retryAt > ctx.now) {
      ctx.wakeBy(entry.retryAt);
      return undefined;
    }
    return entry.isStored ? entry : undefined;
  }
  return undefined;
}

/** The removal of a message that never left: both go, and nobody hears of either. */
function forgetUnsent(ctx: Context, removal: OutboxEntry): boolean {
  const unsent = unsentOf(ctx, 'send', removal.messageId);
  if (!unsent) return false;
  dropEntry(ctx, unsent.entryId);
  dropEntry(ctx, removal.entryId);
  return true;
}

function isBeingRemoved(ctx: Context, entry: OutboxEntry): boolean {
  return (
    !entry.mayBeStored &&
    ctx.state.outbox.some((other) => other.kind === 'delete' && other.messageId === entry.messageId)
  );
}

/** After a week a message may have lost its meaning: its author is asked. Anything else that old is let go. */
function isTooOld(ctx: Context, entry: OutboxEntry): boolean {
  if (ctx.now - entry.createdAt < limits.outboxAskAfterMs) return false;
  if (entry.kind === 'send' || entry.kind === 'edit') changeEntry(ctx, entry, { state: 'failed', isOld: true });
  else dropEntry(ctx, entry.entryId);
  return true;
}

function sendEntry(ctx: Context, entry: OutboxEntry): void {
  const { entryId, conversationId, messageId: id } = entry;
  const pending = { kind: 'entry', entryId, conversationId } as const;
  switch (entry.kind) {
    case 'send':
      return void ctx.request('message:send', { conversationId, id, body: entry.body! }, pending);
    case 'edit':
      return void ctx.request('message:edit', { conversationId, id, body: entry.body!, editId: entryId }, pending);
    case 'delete':
      return void ctx.request('message:delete', { conversationId, id }, pending);
    case 'react':
      return void ctx.request('message:react', { conversationId, id, emoji: entry.emoji!, on: entry.on! }, pending);
  }
}

/** An acknowledgement moves no cursor: the entry stays drawn until the feed brings what it stands for. */
export function onEntryAnswered(
  ctx: Context,
  entryId: string,
  outcome: Outcome<RequestReply<'message:send'> | Message>,
): void {
  const entry = findEntry(ctx, entryId);
  if (!outcome.ok) {
    if (outcome.error) return entry && onEntryRefused(ctx, entry, outcome.error);
    if (entry) changeEntry(ctx, entry, { state: 'waiting', mayBeStored: true });
    return replaceSocket(ctx);
  }
  if (!entry) return;
  const { data } = outcome;
  if ('expired' in data) return dropEntry(ctx, entryId);
  changeEntry(ctx, entry, { state: 'sent', seq: data.seq, rev: data.rev });
}

function onEntryRefused(ctx: Context, entry: OutboxEntry, error: ErrorBody): void {
  onRequestRefused(ctx, error);
  if (ofTheSession.has(error.code)) {
    if (findEntry(ctx, entry.entryId)) changeEntry(ctx, entry, { state: 'waiting' });
    return;
  }
  const failures = entry.failures + 1;
  if (passing.has(error.code) && (error.code !== 'internal' || failures < mostFailures)) {
    changeEntry(ctx, entry, { state: 'waiting', failures, retryAt: ctx.now + backoffMs(failures, ctx.random, error) });
    return;
  }
  if (entry.kind === 'send' || entry.kind === 'edit') {
    changeEntry(ctx, entry, { state: 'failed', error });
    return;
  }
  dropEntry(ctx, entry.entryId);
  // Gone already is what a deletion wanted.
  if (entry.kind !== 'delete' || error.code !== 'not_found') ctx.notice('refused', error);
}

/** Lets go of every entry that the feeds have caught up with. */
export function settleOutbox(ctx: Context): void {
  for (const entry of ctx.state.outbox) {
    const feed = ctx.state.feeds.get(entry.conversationId);
    if (feed?.cursor !== undefined && isSettled(entry, feed, ctx.state.userId)) dropEntry(ctx, entry.entryId);
  }
}

function isSettled(entry: OutboxEntry, feed: Feed, userId: string | undefined): boolean {
  if (entry.kind === 'send') {
    if (entry.seq === undefined) return entry.state !== 'failed' && entry.isStored && isAmongRows(entry, feed, userId);
    return entry.seq <= feed.conversation.floorSeq || entry.seq < feed.first || entry.seq <= contiguousHead(feed);
  }
  if (entry.state !== 'sent') return false;
  if (entry.seq! < feed.first) return true;
  const row = findRow(feed, entry.seq!);
  return row !== undefined && row.message.rev >= entry.rev!;
}

/** A row can come before its acknowledgement, or instead of one that was lost. */
function isAmongRows({ messageId, mayBeStored, state }: OutboxEntry, feed: Feed, userId: string | undefined): boolean {
  if (!mayBeStored && state !== 'sending') return false;
  const oldest = Math.max(0, feed.rows.length - searchedRows);
  for (let i = feed.rows.length - 1; i >= oldest; i--) {
    const { message } = feed.rows[i]!;
    if (message.authorId === userId && message.id === messageId) return true;
  }
  return false;
}
