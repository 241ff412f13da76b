import { limits, quoteOf } from '@cloudhop/contracts';
import type { Context } from './context';
import type { EventOf } from './events';
import { type OutboxContent, type OutboxEntry, hasNotLeft, inState, reviveEntry, withBody } from './outbox-entry';
import { findOwnReactions, findRowById } from './overlay';

/** Bounds the outbox. */
const maxEntries = 1_000;

type NewEntry = Pick<OutboxEntry, 'entryId' | 'conversationId' | 'messageId'> & OutboxContent;

function add(ctx: Context, content: NewEntry): void {
  const {
    outbox: { entries: outbox },
    device: { tabId, clockOffset },
  } = ctx.state;
  if (outbox.length >= maxEntries)
    return ctx.notice('refused', { code: 'overloaded', message: 'Too much is waiting to be sent from this device.' });
  const entry: OutboxEntry = {
    createdAt: ctx.now,
    shownAt: ctx.now + (clockOffset ?? 0),
    state: 'waiting',
    failures: 0,
    mayBeStored: false,
    owner: tabId,
    touchedAt: ctx.now,
    isStored: false,
    ...content,
  };
  ctx.setSlice('outbox', { entries: sorted([...outbox.filter(({ entryId }) => entryId !== entry.entryId), entry]) });
  ctx.emit({ type: 'storeEntry', entry });
}

/** Sorts by id. UUIDv7s of one client ascend in the order in which they were made. */
function sorted(entries: OutboxEntry[]): OutboxEntry[] {
  return entries.sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
}

/** Replaces an entry, here and in storage. */
export function updateEntry(
  ctx: Context,
  entryId: string,
  change: (entry: OutboxEntry) => OutboxEntry,
  mustStore = true,
): void {
  let updated: OutboxEntry | undefined;
  const outbox = ctx.state.outbox.entries.map((entry) => {
    if (entry.entryId !== entryId) return entry;
    updated = change(entry);
    return updated;
  });
  if (!updated) return;
  ctx.setSlice('outbox', { entries: outbox });
  if (mustStore) ctx.emit({ type: 'storeEntry', entry: updated });
}

export function dropEntries(ctx: Context, entryIds: ReadonlySet<string>): void {
  if (entryIds.size === 0) return;
  for (const entryId of entryIds) ctx.emit({ type: 'dropEntry', entryId });
  ctx.setSlice('outbox', { entries: ctx.state.outbox.entries.filter(({ entryId }) => !entryIds.has(entryId)) });
}

export function findEntry(ctx: Context, entryId: string): OutboxEntry | undefined {
  return ctx.state.outbox.entries.find((entry) => entry.entryId === entryId);
}

export function onSend(ctx: Context, event: EventOf<'send'>): void {
  const { conversationId, id, body, replyTo, isForwarded } = event;
  const row = replyTo === undefined ? undefined : findRowById(ctx.state.feeds.get(conversationId), replyTo);
  add(ctx, {
    entryId: id,
    kind: 'send',
    conversationId,
    messageId: id,
    body,
    ...(replyTo !== undefined && { replyTo }),
    // Without the text: it may be deleted before this leaves. While the message is loaded, its text is drawn.
    ...(row && { quote: { ...quoteOf(row.message), body: '' } }),
    ...(isForwarded && { isForwarded }),
  });
}

/** Returns the entry as if it was made now, by this tab. */
function renewed(ctx: Context, entry: OutboxEntry): OutboxEntry {
  const { now, state } = ctx;
  return inState(
    entry,
    { state: 'waiting' },
    { failures: 0, createdAt: now, touchedAt: now, owner: state.device.tabId },
  );
}

/** Edits a message. Amends a send or edit that has not left yet. */
export function onEdit(ctx: Context, { conversationId, messageId, entryId, body }: EventOf<'edit'>): void {
  const open = ctx.state.outbox.entries
    .filter((entry) => entry.kind === 'send' || entry.kind === 'edit')
    .findLast((entry) => entry.messageId === messageId && entry.state !== 'sent');
  if (open && hasNotLeft(open)) return updateEntry(ctx, open.entryId, () => renewed(ctx, withBody(open, body)));
  add(ctx, { entryId, kind: 'edit', conversationId, messageId, body });
}

/** Hides the line. The request leaves later, so that it can be undone. */
export function onRemove(ctx: Context, { conversationId, messageId, entryId }: EventOf<'remove'>): void {
  const isPending = ctx.state.outbox.entries.some((entry) => entry.kind === 'delete' && entry.messageId === messageId);
  if (!isPending)
    add(ctx, { entryId, kind: 'delete', conversationId, messageId, notBefore: ctx.now + limits.undoDeleteMs });
}

export function onUndoRemove(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry?.kind === 'delete' && hasNotLeft(entry)) dropEntries(ctx, new Set([entryId]));
}

/** Turns a reaction on or off. Two changes that cancel each other before they leave are both dropped. */
export function onReact(ctx: Context, event: EventOf<'react'>): void {
  const { conversationId, messageId, emoji, on, entryId } = event;
  const unsent = ctx.state.outbox.entries.filter(
    (entry) => entry.kind === 'react' && entry.messageId === messageId && entry.emoji === emoji && hasNotLeft(entry),
  );
  dropEntries(ctx, new Set(unsent.map((entry) => entry.entryId)));
  if (findOwnReactions(ctx.state, conversationId, messageId)?.includes(emoji) === on) return;
  add(ctx, { entryId, kind: 'react', conversationId, messageId, emoji, on });
}

/** Sends a failed entry again. Entries that it held back follow. */
export function onRetry(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry?.state !== 'failed') return;
  updateEntry(ctx, entryId, (failed) => renewed(ctx, failed));
  ctx.setLane(entry.conversationId, { retryAt: 0, failures: 0 });
}

/** Drops an entry that is not in flight, and with a send all later entries of its message. */
export function onDiscard(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry && (entry.state === 'failed' || hasNotLeft(entry))) discard(ctx, entry);
}

export function discard(ctx: Context, entry: OutboxEntry): void {
  const dropped =
    entry.kind === 'send' ? ctx.state.outbox.entries.filter((other) => other.messageId === entry.messageId) : [entry];
  dropEntries(ctx, new Set(dropped.filter(({ state }) => state !== 'sending').map(({ entryId }) => entryId)));
}

export function onEntryStored(ctx: Context, entryId: string): void {
  const entry = findEntry(ctx, entryId);
  if (entry && !entry.isStored) updateEntry(ctx, entryId, (known) => ({ ...known, isStored: true }), false);
}

/** Merges the stored outbox, which another tab or an earlier life of this page wrote. */
export function onOutboxLoaded(ctx: Context, event: EventOf<'outboxLoaded'>): void {
  const { conversationId, userId } = event;
  if (userId !== ctx.state.account.userId) return;
  const { epoch } = ctx.state;
  const isMeant = (entry: OutboxEntry) => conversationId === undefined || entry.conversationId === conversationId;
  const stored = new Map(event.entries.filter(isMeant).map((entry) => [entry.entryId, entry]));
  const kept = ctx.state.outbox.entries.flatMap((entry): OutboxEntry[] => {
    const other = stored.get(entry.entryId);
    stored.delete(entry.entryId);
    // Not stored yet, in flight, or of another conversation: unchanged.
    if (!isMeant(entry) || !entry.isStored || entry.state === 'sending') return [entry];
    // Another tab has finished with it.
    if (!other) return [];
    return isAhead(other, entry, epoch) ? [reviveEntry(other, epoch)] : [entry];
  });
  const added = [...stored.values()].filter((entry) => !isLanded(ctx, entry)).map((entry) => reviveEntry(entry, epoch));
  ctx.setSlice('outbox', { entries: sorted([...kept, ...added]) });
}

function isAhead(other: OutboxEntry, entry: OutboxEntry, epoch: string | undefined): boolean {
  if (other.state === 'sent' && other.epoch === epoch) return entry.state !== 'sent';
  return other.touchedAt > entry.touchedAt;
}

function isLanded(ctx: Context, entry: OutboxEntry): boolean {
  const feed = ctx.state.feeds.get(entry.conversationId);
  return entry.kind === 'send' && findRowById(feed, entry.messageId) !== undefined;
}
