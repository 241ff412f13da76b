import type { ConversationFrame } from './feeds';

export type GoneReason = 'left' | 'banned' | 'erased';

/** Sets of conversations, besides their feeds. */
export interface ConversationsState {
  readonly gone: ReadonlyMap<string, GoneReason>;
  /** On screen. */
  readonly opened: ReadonlySet<string>;
  /** Became this user's and were never opened: opened on every connection until they are. */
  readonly neverOpened: ReadonlySet<string>;
  /** Joined by a reply that the personal feed has not confirmed yet. */
  readonly joined: ReadonlySet<string>;
  /** To be opened on this socket. */
  readonly toOpen: ReadonlySet<string>;
  /** Open requests in flight. */
  readonly opening: ReadonlySet<string>;
  /** Frames that wait for a sync or an open of their conversation. */
  readonly pendingFrames: ReadonlyMap<string, readonly ConversationFrame[]>;
}

export const initialConversations: ConversationsState = {
  gone: new Map(),
  opened: new Set(),
  neverOpened: new Set(),
  joined: new Set(),
  toOpen: new Set(),
  opening: new Set(),
  pendingFrames: new Map(),
};
