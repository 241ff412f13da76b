import type { ErrorBody, Quote } from '@cloudhop/contracts';

/** Fields that every entry of the outbox has. Entries are ordered by `entryId`, a UUIDv7. */
interface EntryHead {
  /** The message's id for a send, the editId for an edit. */
  readonly entryId: string;
  readonly conversationId: string;
  readonly messageId: string;
  /** Device clock; renewed by a retry of the user. */
  readonly createdAt: number;
  /** Server clock, for the line that is drawn meanwhile. */
  readonly shownAt: number;
  readonly failures: number;
  /** An attempt ended without an answer, so the server may have stored it. Never reset. */
  readonly mayBeStored: boolean;
  /** The tab that sends it where there are no locks, and the time of that tab's last change. */
  readonly owner: string;
  readonly touchedAt: number;
  /** In storage, so it may leave. Not itself stored. */
  readonly isStored: boolean;
}

/** Content of a send: what it answers, and how the quote is drawn meanwhile. */
interface SendContent {
  readonly kind: 'send';
  readonly body: string;
  readonly replyTo?: string;
  readonly quote?: Quote;
  readonly isForwarded?: true;
}

interface EditContent {
  readonly kind: 'edit';
  readonly body: string;
}

interface DeleteContent {
  readonly kind: 'delete';
  /** Can be undone until then (device clock). */
  readonly notBefore: number;
}

interface ReactContent {
  readonly kind: 'react';
  readonly emoji: string;
  readonly on: boolean;
}

export type OutboxContent = SendContent | EditContent | DeleteContent | ReactContent;

export interface WaitingState {
  readonly state: 'waiting';
  readonly retryAt?: number;
  /** The wait ends with a mute, which may end sooner, or with slow mode, which may change. */
  readonly isMuted?: true;
  readonly isSlowed?: true;
}

interface SendingState {
  readonly state: 'sending';
}

/** From the acknowledgement. */
interface SentState {
  readonly state: 'sent';
  readonly seq: number;
  readonly rev: number;
  /** Epoch of the database that acknowledged it. */
  readonly epoch: string | undefined;
}

/** Refused, or too old to leave without asking. */
type FailedState =
  { readonly state: 'failed'; readonly error: ErrorBody } | { readonly state: 'failed'; readonly isOld: true };

export type OutboxState = WaitingState | SendingState | SentState | FailedState;

/** An entry's content in one of its states: every combination of the two, and no other. */
export type OutboxEntry = EntryHead & OutboxContent & OutboxState;
export type EntryOf<K extends OutboxEntry['kind']> = Extract<OutboxEntry, { kind: K }>;
export type EntryIn<S extends OutboxEntry['state']> = Extract<OutboxEntry, { state: S }>;

type AnyOf<T> = T extends unknown ? keyof T : never;
/** Fields of the states. An entry keeps none of them when its state changes. */
const stateFields: ReadonlySet<string> = new Set<AnyOf<OutboxState>>([
  'state',
  'retryAt',
  'isMuted',
  'isSlowed',
  'seq',
  'rev',
  'epoch',
  'error',
  'isOld',
]);

/** Returns the entry in another state, without the fields of the former one. */
export function inState<E extends EntryHead & OutboxContent>(
  entry: E,
  state: OutboxState,
  change: Partial<EntryHead> = {},
): OutboxEntry {
  const rest = Object.entries(entry).filter(([name]) => !stateFields.has(name));
  return { ...(Object.fromEntries(rest) as unknown as EntryHead & OutboxContent), ...change, ...state };
}

/** Returns the entry with another text. */
export function withBody(entry: EntryOf<'send' | 'edit'>, body: string): OutboxEntry {
  return { ...entry, body };
}

/** Returns true for an entry that is not on its way and never was: it can still be changed on this device alone. */
export function hasNotLeft(entry: OutboxEntry): boolean {
  return !entry.mayBeStored && (entry.state === 'waiting' || entry.state === 'failed');
}

/**
 * Returns a stored entry as another life of the page finds it. One in flight has an unknown outcome, and so has one that
 * was acknowledged on another timeline of the database than `epoch`.
 */
export function reviveEntry(entry: OutboxEntry, epoch: string | undefined): OutboxEntry {
  const isForeign = entry.state === 'sent' && entry.epoch !== epoch;
  const isUnderWay = entry.state === 'sending' || entry.state === 'waiting';
  const change = {
    mayBeStored: entry.mayBeStored || (isUnderWay && entry.kind !== 'delete'),
    isStored: true,
  };
  return entry.state === 'sending' || isForeign
    ? inState(entry, { state: 'waiting' }, change)
    : { ...entry, ...change };
}
