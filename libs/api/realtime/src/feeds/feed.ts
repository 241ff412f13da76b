import type { ConversationChange, FactName, FactPayload, PersonalChange, User } from '@cloudhop/contracts';

export type FeedKind = 'conversation' | 'personal';
/** Names a feed on every node: its kind and the id of the conversation or user. */
export type FeedKey = `${FeedKind}:${string}`;
export type FeedChange = ConversationChange | PersonalChange;

export const conversationFeed = (conversationId: string): FeedKey => `conversation:${conversationId}`;
export const personalFeed = (userId: string): FeedKey => `personal:${userId}`;

export function parseFeed(feed: FeedKey): { kind: FeedKind; id: string } {
  const colon = feed.indexOf(':');
  return { kind: feed.slice(0, colon) as FeedKind, id: feed.slice(colon + 1) };
}

/** All changes of a feed after fromRev, up to and including toRev. `users` are those that the changes refer to. */
export interface FeedFrame {
  feed: FeedKey;
  fromRev: number;
  toRev: number;
  changes: readonly FeedChange[];
  users: readonly User[];
}

/** Head of a feed in Postgres. Personal feeds have no seq: 0. */
export interface FeedHead {
  rev: number;
  seq: number;
  floorSeq: number;
  /** Delivered only while this node can check who may read. */
  isPrivate: boolean;
}

/** A page of changes read from Postgres in one statement with its head. */
export interface FeedPage {
  head: FeedHead;
  /** The rev that the page reaches: that of its last change, or the head's when there is no more. */
  toRev: number;
  /** True if there are too many changes, or the cursor is invalid: only a snapshot helps. */
  isReset: boolean;
  hasMore: boolean;
  changes: readonly FeedChange[];
  users: readonly User[];
}

/** Source of one kind of feed: reads it, and renders its facts. A feature registers one per kind. */
export interface FeedSource {
  /** Returns the heads of those ids that exist. */
  heads(ids: readonly string[]): Promise<ReadonlyMap<string, FeedHead>>;
  /** Returns the changes after `rev`; undefined if there is no such feed. */
  changesAfter(id: string, rev: number): Promise<FeedPage | undefined>;
  /** Returns true for a change after which somebody may no longer read: a frame ends there. */
  isCutOff(change: FeedChange): boolean;
  /** Returns the fact of a frame, with its payload. */
  fact(id: string, epoch: string, frame: FeedFrame): { [N in FactName]: [N, FactPayload<N>] }[FactName];
}

/** Returns the approximate bytes of a change, in memory and on the wire. */
export function weigh(change: FeedChange): number {
  if (change.kind !== 'message') return 400;
  const { body, quote, preview } = change.message;
  const rest = (quote?.body.length ?? 0) + (preview ? preview.title.length + (preview.description?.length ?? 0) : 0);
  return 400 + 3 * (body.length + rest);
}
