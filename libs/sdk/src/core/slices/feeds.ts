import type { Conversation, ConversationChange, FactPayload, Member, Message, ReadMark } from '@cloudhop/contracts';

export type ConversationFrame = FactPayload<'conversation:changed'>;

/** Message with the viewer's reactions: one unit, ordered by `message.rev`. */
export interface Row {
  readonly message: Message;
  readonly mine: readonly string[];
  /** Reactions changed, and their owners are unknown: `mine` must be asked for. */
  readonly isMineStale?: true;
}

/** `needed`: behind and waiting for its turn; `running`: part of the sync that is in flight. */
export type SyncState = 'idle' | 'needed' | 'running';

/** A page of history in flight. */
export interface PageInFlight {
  readonly requestId: number;
  readonly cursorWhenAsked: number;
  /** Changes since the request, to be applied to the page. */
  readonly pendingChanges: readonly ConversationChange[];
}

/** Request for a page of rows below or among those of a feed. */
export interface PageRequest extends PageInFlight {
  readonly purpose: 'before' | 'mine';
  /** Exclusive upper seq of the page. */
  readonly before: number;
}

/** Rows around a jump target, apart from the latest ones. Never stored. */
export interface JumpWindow {
  /** Dense by seq; empty until the first page came. */
  readonly rows: readonly Row[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** The page to ask for. */
  readonly wants?: 'around' | 'before' | 'after';
  readonly request?: PageInFlight;
}

export interface Feed {
  /** As of the cursor; `rev` is the cursor once there is one. */
  readonly conversation: Conversation;
  /** The last rev applied; absent until the conversation has been opened. */
  readonly cursor?: number;
  /** The seq of rows[0], or of the row that comes next when there is none. */
  readonly first: number;
  /** Dense by seq from `first` to the contiguous head. */
  readonly rows: readonly Row[];
  /** Rows above a hole that a later page of the same sync fills. */
  readonly ahead: ReadonlyMap<number, Row>;
  /** The server may hold rows below `first`. */
  readonly hasBefore: boolean;
  /** The highest seq read on this device. */
  readonly readSeq: number;
  /** The highest read seq that was sent to the server, or received from it. */
  readonly readSent: number;
  /** The highest delivered seq that was sent to the server; only where receipts are sent. */
  readonly deliveredSent: number;
  /** Groups: who is in it or invited; absent until it was opened. */
  readonly members?: ReadonlyMap<string, Member>;
  /** Read marks of others: latest values, kept until newer ones come. */
  readonly marks: ReadonlyMap<string, ReadMark>;
  readonly sync: SyncState;
  /** The highest rev that live frames passed over: its effect on a row is unknown, only later states are known. */
  readonly passedOver?: number;
  /** A change of an unknown kind was skipped: a newer client must read the conversation again. */
  readonly hasUnknown: boolean;
  /** Number of resets. A page asked for before one is not for the rows after it. */
  readonly resets: number;
  readonly wantsBefore: boolean;
  readonly page?: PageRequest;
  /** Latest jump target; absent at the latest messages. */
  readonly jump?: { readonly seq: number; readonly id: number };
  readonly jumpWindow?: JumpWindow;
}

/** Requests for history across feeds. */
export interface HistoryState {
  /** Time of the next request for own reactions that are unknown. */
  readonly mineAt?: number;
  /** Number of the latest jump. */
  readonly lastJump: number;
}

export const initialHistory: HistoryState = { lastJump: 0 };
