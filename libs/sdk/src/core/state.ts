import { type ConnectionState, initialConnection } from './slices/connection';
import { type ConversationsState, initialConversations } from './slices/conversations';
import { type Feed, type HistoryState, initialHistory } from './slices/feeds';
import { type OutboxState, initialOutbox } from './slices/outbox';
import { type PeopleState, initialPeople } from './slices/people';
import { type Personal, type PersonalFeedState, initialPersonal, initialPersonalFeed } from './slices/personal';
import { type PresenceState, initialPresence } from './slices/presence';
import { type PacingState, type RequestsState, initialPacing, initialRequests } from './slices/requests';
import { type SessionState, initialSession } from './slices/session';
import { type TypingState, initialTyping } from './slices/typing';

export type { OutboxEntry } from './outbox-entry';
export type * from './slices/connection';
export type * from './slices/conversations';
export type * from './slices/feeds';
export type * from './slices/outbox';
export type * from './slices/people';
export type * from './slices/personal';
export type * from './slices/presence';
export type * from './slices/requests';
export type * from './slices/session';
export type * from './slices/typing';

export interface DeviceState {
  readonly tabId: string;
  /** A lock keeps other tabs from sending the outbox of the same conversation. */
  readonly hasLocks: boolean;
  /** Nothing is stored on this device. */
  readonly isEphemeral: boolean;
  /** Server clock minus device clock, once known. */
  readonly clockOffset?: number;
}

export interface AccountState {
  readonly userId?: string;
  /** The user whose storage is being opened. */
  readonly loading?: string;
  readonly lobbyId?: string;
}

/** State of the client, by slice. Immutable; parts without a change keep their identity. */
export interface State {
  readonly device: DeviceState;
  readonly account: AccountState;
  /** Timeline of the database that all revs are of. */
  readonly epoch?: string;
  readonly session: SessionState;
  readonly connection: ConnectionState;
  readonly requests: RequestsState;
  readonly pacing: PacingState;
  readonly personalFeed: PersonalFeedState;
  readonly personal: Personal;
  readonly people: PeopleState;
  readonly conversations: ConversationsState;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly history: HistoryState;
  readonly outbox: OutboxState;
  readonly presence: PresenceState;
  readonly typing: TypingState;
  /** Time at which the core wants the next step (device clock). */
  readonly wakeAt?: number;
}

/** Slices of the state: the parts that are objects with fields of their own. */
export type Slice =
  | 'device'
  | 'account'
  | 'requests'
  | 'pacing'
  | 'personalFeed'
  | 'people'
  | 'conversations'
  | 'history'
  | 'outbox'
  | 'presence'
  | 'typing';

export function initialState(device: { tabId: string; hasLocks: boolean }): State {
  return {
    device: { ...device, isEphemeral: false },
    account: {},
    session: initialSession,
    connection: initialConnection,
    requests: initialRequests,
    pacing: initialPacing,
    personalFeed: initialPersonalFeed,
    personal: initialPersonal,
    people: initialPeople,
    conversations: initialConversations,
    feeds: new Map(),
    history: initialHistory,
    outbox: initialOutbox,
    presence: initialPresence,
    typing: initialTyping,
  };
}

/** Returns the state without its user. Only the device's own state and the numbering of requests stay. */
export function withoutUser({ device, conversations, presence, connection, session, ...state }: State): State {
  return {
    ...initialState(device),
    device,
    conversations: { ...initialConversations, opened: conversations.opened },
    presence: { ...initialPresence, isIdle: presence.isIdle },
    connection: { ...initialConnection, isWanted: connection.isWanted, socket: connection.socket },
    session: { ...initialSession, lastRequest: session.lastRequest },
    requests: { ...initialRequests, last: state.requests.last, budget: state.requests.budget },
    outbox: { ...initialOutbox, lastClaim: state.outbox.lastClaim },
    history: { ...initialHistory, lastJump: state.history.lastJump },
  };
}
