import {
  type Block,
  type Conversation,
  type ConversationChange,
  type ErrorBody,
  type FactPayload,
  type Friend,
  type FriendPresence,
  type Membership,
  type Member,
  type Message,
  type PersonalSettings,
  type ReadMark,
  type User,
  defaultSettings,
} from '@cloudhop/contracts';
import type { OutboxEntry } from './outbox-entry';

export type { OutboxEntry };
export type ConversationFrame = FactPayload<'conversation:changed'>;
export type PersonalFrame = FactPayload<'personal:changed'>;

/** A message and what the viewer has on it: one unit, ordered by `message.rev`. */
export interface Row {
  readonly message: Message;
  readonly mine: readonly string[];
  /** Reactions changed without word of whose they were: `mine` must be asked for. */
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
  /** The highest seq that the server was told of, or told us. */
  readonly readSent: number;
  /** The highest seq that the server was told to have got here; only where others are let know. */
  readonly deliveredSent: number;
  /** Groups: who is in it or invited; absent until it was opened. */
  readonly members?: ReadonlyMap<string, Member>;
  /** How far others have come; a latest value, forgotten with the connection's end only where newer comes. */
  readonly marks: ReadonlyMap<string, ReadMark>;
  readonly sync: SyncState;
  /** The highest rev that live frames passed over: only its latest state was told, so what it did to a row is unknown. */
  readonly passedOver?: number;
  /** A change of an unknown kind went by: a newer client must read the conversation anew. */
  readonly hasUnknown: boolean;
  /** Counts resets: pages asked for before one are not for the rows after it. */
  readonly resets: number;
  readonly wantsBefore: boolean;
  readonly page?: PageRequest;
  /** What was jumped to last; absent at the latest messages. */
  readonly jump?: { readonly seq: number; readonly id: number };
  readonly jumpWindow?: JumpWindow;
}

/** Right to send the outbox of one conversation, and the pause after failures. */
export interface Lane {
  readonly claim: 'none' | 'asked' | 'held';
  /** Number of the latest claim. */
  readonly asked: number;
  readonly retryAt: number;
  readonly failures: number;
}

export interface ConnectionState {
  readonly isWanted: boolean;
  readonly status: 'off' | 'waiting' | 'opening' | 'open';
  /** Number of the current socket; what older ones say is ignored. */
  readonly socket: number;
  readonly attempts: number;
  readonly retryAt: number;
  /** A sync has completed on this socket. */
  readonly isSynced: boolean;
  readonly lastReceivedAt: number;
  readonly drainAt?: number;
  /** When it is given up, unless something was heard by then. */
  readonly livenessDeadline?: number;
  readonly fatal?: ErrorBody;
  /** Error of the last attempt, if it is known. */
  readonly reason?: ErrorBody;
  readonly syncRetryAt: number;
  readonly syncFailures: number;
}

export interface SessionState {
  readonly token?: string;
  /** Device clock. */
  readonly expiresAt: number;
  readonly renewAt: number;
  readonly asking?: number;
  readonly asked: number;
  /** The server refused the token: it must be renewed whatever the clock says. */
  readonly isRejected: boolean;
  readonly failures: number;
  /** Consecutive answers that the session has ended. */
  readonly refusals: number;
  readonly retryAt: number;
  /** The socket does not know the current token yet. */
  readonly mustTellSocket: boolean;
  /** Not before this, as the last attempt was refused. */
  readonly tellAt: number;
  readonly isEnded: boolean;
}

/** Who types in a conversation, as told last. */
export interface Typing {
  readonly userIds: readonly string[];
  readonly count: number;
  /** Forgotten then (device clock). */
  readonly until: number;
}

/** What the person types, as the server is told of it. */
export interface OwnTyping {
  /** A key was struck last at. */
  readonly at: number;
  /** The server was told last at; absent until it was. */
  readonly toldAt?: number;
}

/** Line in a log that says who joined or left. */
export interface PresenceNotice {
  id: string;
  kind: 'joined' | 'left';
  /** Some of the people, by name. */
  userIds: readonly string[];
  /** How many there were in all. */
  count: number;
  afterSeq: number;
  at: number;
}

export interface Presence {
  readonly count: number;
  /** Counted on this socket. */
  readonly isCurrent: boolean;
  readonly notices: readonly PresenceNotice[];
  readonly noticed: number;
}

export type Pending =
  | { readonly kind: 'sync'; readonly conversationIds: readonly string[]; readonly sentAt: number }
  /** With the personal rev as of which the answer will be, at least. */
  | { readonly kind: 'open'; readonly conversationId: string; readonly personalRev?: number | undefined }
  | { readonly kind: 'draft'; readonly conversationId: string; readonly body: string }
  | { readonly kind: 'page' | 'jumpWindow'; readonly conversationId: string }
  | { readonly kind: 'entry'; readonly entryId: string; readonly conversationId: string }
  | { readonly kind: 'read'; readonly conversationId: string }
  | { readonly kind: 'lookup' | 'renew' | 'hide' | 'typing' }
  | { readonly kind: 'count'; readonly conversationId: string };

/** What somebody is about to say in a conversation. */
export interface DraftState {
  /** As the personal feed told it. */
  readonly body: string;
  /** As it was typed here, until the feed tells it back. */
  readonly local?: {
    readonly body: string;
    /** What the server stored last of it, and the personal rev from which on the feed tells it. */
    readonly stored?: { readonly body: string; readonly rev: number };
  };
}

/** What the personal feed tells besides memberships. */
export interface Personal {
  readonly friends: ReadonlyMap<string, Friend>;
  readonly blocks: ReadonlyMap<string, Block['level']>;
  readonly drafts: ReadonlyMap<string, DraftState>;
  readonly settings: PersonalSettings;
  /** Memberships that wait for the person's answer. */
  readonly invitations: ReadonlyMap<string, Membership>;
}

export type GoneReason = 'left' | 'banned' | 'erased';

/** Everything the client knows. Immutable; what did not change keeps its identity. */
export interface State {
  readonly tabId: string;
  /** Another tab is kept from draining the same conversation by a lock. */
  readonly hasLocks: boolean;
  /** Nothing is stored on this device. */
  readonly isEphemeral: boolean;
  readonly userId?: string;
  /** The user whose storage is being opened. */
  readonly loading?: string;
  readonly lobbyId?: string;
  readonly epoch?: string;
  readonly personalRev?: number;
  readonly personalSync: SyncState;
  readonly personal: Personal;
  readonly pendingPersonalFrames: readonly PersonalFrame[];
  /** Frames that wait for a sync or an open of their conversation. */
  readonly pendingFrames: ReadonlyMap<string, readonly ConversationFrame[]>;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly gone: ReadonlyMap<string, GoneReason>;
  /** Conversations on screen. */
  readonly opened: ReadonlySet<string>;
  /** Conversations that became this user's and were never opened: opened on every connection until they are. */
  readonly neverOpened: ReadonlySet<string>;
  /** Conversations that a reply made this user's, until the personal feed says so too. */
  readonly joined: ReadonlySet<string>;
  /** Conversations to open on this socket. */
  readonly toOpen: ReadonlySet<string>;
  readonly opening: ReadonlySet<string>;
  readonly users: ReadonlyMap<string, User>;
  readonly mustLookup: boolean;
  readonly presence: ReadonlyMap<string, Presence>;
  /** When to ask for a count that nobody told. */
  readonly countAt?: number;
  readonly mineAt?: number;
  /** Friends, as told on this socket. */
  readonly statuses: ReadonlyMap<string, FriendPresence>;
  readonly typing: ReadonlyMap<string, Typing>;
  readonly ownTyping: ReadonlyMap<string, OwnTyping>;
  readonly isHidden: boolean;
  readonly isIdle: boolean;
  /** The server does not know yet whether this device is hidden or idle. */
  readonly mustTellPresence: boolean;
  readonly outbox: readonly OutboxEntry[];
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly readAt: ReadonlyMap<string, number>;
  /** When each conversation's draft may be told next. */
  readonly draftAt: ReadonlyMap<string, number>;
  readonly connection: ConnectionState;
  readonly session: SessionState;
  readonly requests: ReadonlyMap<number, Pending>;
  readonly lastRequest: number;
  readonly lastClaim: number;
  readonly lastJump: number;
  /** Requests that may leave now, and when that was counted. */
  readonly budget: { readonly tokens: number; readonly at: number };
  /** Server clock minus device clock, once known. */
  readonly clockOffset?: number;
  /** When the core wants to be stepped next (device clock). */
  readonly wakeAt?: number;
}

const noSession: SessionState = {
  expiresAt: 0,
  renewAt: 0,
  asked: 0,
  isRejected: false,
  failures: 0,
  refusals: 0,
  retryAt: 0,
  mustTellSocket: false,
  tellAt: 0,
  isEnded: false,
};

const noPersonal: Personal = {
  friends: new Map(),
  blocks: new Map(),
  drafts: new Map(),
  settings: defaultSettings,
  invitations: new Map(),
};

export function initialState(options: { tabId: string; hasLocks: boolean }): State {
  return {
    ...options,
    isEphemeral: false,
    personalSync: 'idle',
    personal: noPersonal,
    pendingPersonalFrames: [],
    pendingFrames: new Map(),
    feeds: new Map(),
    gone: new Map(),
    opened: new Set(),
    neverOpened: new Set(),
    joined: new Set(),
    toOpen: new Set(),
    opening: new Set(),
    users: new Map(),
    mustLookup: false,
    presence: new Map(),
    statuses: new Map(),
    typing: new Map(),
    ownTyping: new Map(),
    isHidden: false,
    isIdle: false,
    mustTellPresence: false,
    outbox: [],
    lanes: new Map(),
    readAt: new Map(),
    draftAt: new Map(),
    connection: {
      isWanted: false,
      status: 'off',
      socket: 0,
      attempts: 0,
      retryAt: 0,
      isSynced: false,
      lastReceivedAt: 0,
      syncRetryAt: 0,
      syncFailures: 0,
    },
    session: noSession,
    requests: new Map(),
    lastRequest: 0,
    lastClaim: 0,
    lastJump: 0,
    budget: { tokens: 20, at: 0 },
  };
}

/** The state after the user of `state` is gone: only what belongs to the device and the sockets' numbering stays. */
export function withoutUser(state: State): State {
  const fresh = initialState({ tabId: state.tabId, hasLocks: state.hasLocks });
  return {
    ...fresh,
    opened: state.opened,
    isIdle: state.isIdle,
    isEphemeral: state.isEphemeral,
    connection: { ...fresh.connection, isWanted: state.connection.isWanted, socket: state.connection.socket },
    session: { ...noSession, asked: state.session.asked },
    lastRequest: state.lastRequest,
    lastClaim: state.lastClaim,
    lastJump: state.lastJump,
    budget: state.budget,
    clockOffset: state.clockOffset,
  };
}
