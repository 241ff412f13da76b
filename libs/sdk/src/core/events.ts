import type {
  Conversation,
  ErrorBody,
  FactName,
  FactPayload,
  RequestInput,
  RequestName,
  Sending,
  Session,
  User,
} from '@cloudhop/contracts';
import type { Notice } from '../view';
import type { Snapshot, StoredWrite } from '../storage/client-storage';
import type { OutboxEntry } from './state';

/** Outcome of a request. Without data and error there was no answer: a timeout, or a lost connection. */
export type Outcome<T = unknown> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error?: ErrorBody };

export type Fact = { readonly [N in FactName]: { readonly name: N; readonly payload: FactPayload<N> } }[FactName];

/** An event before the shell stamps it with its time. */
export type Unstamped =
  // the life of the client
  | { readonly type: 'restored'; readonly userId?: string; readonly lobbyId?: string; readonly snapshot?: Snapshot }
  | { readonly type: 'started' }
  | { readonly type: 'stopped' }
  /** Time went by, or `wakeAt` was reached. */
  | { readonly type: 'ticked' }
  /** The device is online again, or the page is looked at. */
  | { readonly type: 'woken' }
  | { readonly type: 'offlineHinted' }
  | { readonly type: 'triedNow' }
  | { readonly type: 'loggedOut' }
  // session
  | {
      readonly type: 'sessionAnswered';
      readonly requestId: number;
      readonly outcome: Outcome<Session>;
      /** The server's clock from the answer's header. */
      readonly serverTime?: number;
    }
  | { readonly type: 'tokenRejected'; readonly token: string }
  // socket
  | { readonly type: 'connected'; readonly socket: number }
  | { readonly type: 'connectFailed'; readonly socket: number; readonly error?: ErrorBody }
  | { readonly type: 'disconnected'; readonly socket: number }
  | { readonly type: 'factReceived'; readonly socket: number; readonly fact: Fact }
  | { readonly type: 'answered'; readonly socket: number; readonly requestId: number; readonly outcome: Outcome }
  // storage and other tabs
  | { readonly type: 'entryStored'; readonly entryId: string }
  | {
      readonly type: 'outboxLoaded';
      /** The user whose storage it was read from. Another user may have logged in meanwhile. */
      readonly userId: string;
      readonly entries: readonly OutboxEntry[];
      readonly conversationId?: string;
    }
  /** The user registered or logged in. */
  | { readonly type: 'signedIn'; readonly session: Session }
  | { readonly type: 'claimed'; readonly conversationId: string; readonly claimId: number }
  | { readonly type: 'claimLost'; readonly conversationId: string }
  /** The browser has refused a lock. */
  | { readonly type: 'locksRefused' }
  /** Nothing can be stored: the client works in memory. */
  | { readonly type: 'storageRefused' }
  | { readonly type: 'learned'; readonly users: readonly User[] }
  /** A reply said that `userId` is in a conversation: they joined, created or opened it. */
  | { readonly type: 'joined'; readonly userId: string | undefined; readonly conversation: Conversation }
  // commands; ids are UUIDv7, ascending
  | ({ readonly type: 'send'; readonly conversationId: string; readonly id: string; readonly body: string } & Sending)
  | {
      readonly type: 'edit';
      readonly conversationId: string;
      readonly messageId: string;
      readonly entryId: string;
      readonly body: string;
    }
  | { readonly type: 'remove'; readonly conversationId: string; readonly messageId: string; readonly entryId: string }
  | {
      readonly type: 'react';
      readonly conversationId: string;
      readonly messageId: string;
      readonly entryId: string;
      readonly emoji: string;
      readonly on: boolean;
    }
  | { readonly type: 'undoRemove'; readonly entryId: string }
  | { readonly type: 'retry'; readonly entryId: string }
  | { readonly type: 'discard'; readonly entryId: string }
  | { readonly type: 'open'; readonly conversationId: string }
  | { readonly type: 'close'; readonly conversationId: string }
  | { readonly type: 'loadBefore'; readonly conversationId: string }
  | { readonly type: 'loadAfter'; readonly conversationId: string }
  | { readonly type: 'jumpTo'; readonly conversationId: string; readonly seq: number }
  | { readonly type: 'jumpToLatest'; readonly conversationId: string }
  | { readonly type: 'markRead'; readonly conversationId: string; readonly seq: number }
  | { readonly type: 'setDraft'; readonly conversationId: string; readonly body: string }
  | { readonly type: 'setHidden'; readonly isHidden: boolean }
  | { readonly type: 'setIdle'; readonly isIdle: boolean }
  | { readonly type: 'setTyping'; readonly conversationId: string; readonly isTyping: boolean };

/** Event with its time (device clock, ms) and one random number in [0, 1) for jitter. */
export type ClientEvent = Unstamped & { readonly now: number; readonly random: number };
export type EventOf<T extends ClientEvent['type']> = Extract<ClientEvent, { type: T }>;

/** Union of all requests with their payloads. */
export type RequestEffect = {
  readonly [N in RequestName]: {
    readonly type: 'request';
    readonly socket: number;
    readonly requestId: number;
    readonly name: N;
    readonly payload: RequestInput<N>;
  };
}[RequestName];

/** Work for the shell. Effects of one step are carried out in order. */
export type Effect =
  | { readonly type: 'session'; readonly requestId: number; readonly way: 'guest' | 'refresh' }
  | { readonly type: 'load'; readonly userId: string }
  | { readonly type: 'wipe'; readonly userId: string }
  /** Stop storing, and keep what is stored for the next log-in of this user. */
  | { readonly type: 'leaveStored' }
  | {
      readonly type: 'connect';
      readonly socket: number;
      readonly token: string;
      readonly isHidden: boolean;
      readonly isIdle: boolean;
    }
  | { readonly type: 'disconnect'; readonly socket: number }
  | RequestEffect
  | { readonly type: 'write'; readonly write: StoredWrite }
  | { readonly type: 'storeEntry'; readonly entry: OutboxEntry }
  | { readonly type: 'dropEntry'; readonly entryId: string }
  | { readonly type: 'claim'; readonly conversationId: string; readonly claimId: number }
  | { readonly type: 'release'; readonly conversationId: string }
  | { readonly type: 'notice'; readonly notice: Notice };
