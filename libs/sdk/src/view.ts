import type {
  AvatarColor,
  FriendPresence,
  Invitation,
  Member,
  NoticeLevel,
  ReadMark,
  Block,
  Conversation,
  ErrorBody,
  Friend,
  LastMessage,
  Message,
  PersonalSettings,
  RequestInput,
  RequestReply,
  RouteBodyInput,
  RouteName,
  RouteReply,
  Sending,
  User,
} from '@cloudhop/contracts';
import type { PresenceNotice } from './core/state';
import type { NameAndPassword, RouteCall } from './shell/options';

export type { PresenceNotice };

/** Phase of the connection. */
export type ConnectionPhase =
  /** No socket and nothing under way: the next attempt is at `retryAt`. */
  | 'offline'
  /** A socket or a session is being made. */
  | 'connecting'
  /** Connected; changes during the interruption are still being loaded. */
  | 'catchingUp'
  | 'live';

export interface ConnectionView {
  phase: ConnectionPhase;
  /** Milliseconds since the epoch on this device's clock at which the next attempt starts. */
  retryAt?: number;
  /** Attempts since the connection was last live. */
  attempts: number;
  /** Error after which the client gave up: the page must be reloaded, or the user must log in. */
  fatal?: ErrorBody;
  /** Error of the last attempt, if it is known; absent once connected. */
  reason?: ErrorBody;
}

/** State of an own message. `waiting`: queued, not sent yet; `sent`: acknowledged, its row is on its way. */
export type DeliveryStatus = 'waiting' | 'sending' | 'sent' | 'failed';

/** One line of a conversation as a screen draws it: the row, with what this device still has to send laid over it. */
export interface TimelineEntry {
  message: Message;
  /** The message's id: stable from the moment it was typed. */
  key: string;
  isMine: boolean;
  /** Emoji that the viewer has on. */
  mine: readonly string[];
  /** Only while the message or its edit is not stored yet. */
  status?: DeliveryStatus;
  /** It waits for one before it that was refused. */
  isHeld?: true;
  /** Why it failed; present with status failed. */
  error?: ErrorBody;
  /** The outbox entry behind the status, for retry and discard. */
  entryId?: string;
  /** It waits for slow mode or a mute to end, and then leaves by itself: milliseconds on this device's clock. */
  waitsUntil?: number;
}

/** A deletion that has not left yet: it can be undone until `leavesAt` (this device's clock). */
export interface PendingDeletion {
  entryId: string;
  conversationId: string;
  messageId: string;
  leavesAt: number;
}

export interface TimelineView {
  conversation: Conversation;
  /**
   * Ascending: stored rows up to the contiguous head, then what is waiting to be stored. Deleted lines are left out.
   */
  entries: readonly TimelineEntry[];
  /** There are older messages that are not loaded. */
  hasBefore: boolean;
  isLoadingBefore: boolean;
  /** The lines end before the latest message: they are those around a message that was jumped to. */
  hasAfter: boolean;
  isLoadingAfter: boolean;
  /** The seq that was jumped to last, with a number that is another for each jump; absent at the latest messages. */
  jump?: { seq: number; id: number };
  /** End of the user's slow mode (device clock). */
  slowUntil?: number;
  /** The highest loaded seq, deleted messages included: the read mark of somebody who sees the newest message. */
  headSeq: number;
  /** The highest seq read on this device; everything above is new. */
  readSeq: number;
  /** Stored messages above readSeq. */
  unread: number;
  /**
   * Groups: who is in it or invited, by id; empty until it was opened. Rooms: only those whose membership changed since,
   * whatever it became.
   */
  members: ReadonlyMap<string, Member>;
  /** Read marks of others. Undefined in rooms, in the lobby, and if the user sends no receipts. */
  marks?: ReadonlyMap<string, ReadMark>;
}

export interface PresenceView {
  count: number;
  /** There may be more: the server can't reach other servers at the moment. */
  isAtLeast: boolean;
  /** Coalesced notices, newest last; bounded. `afterSeq`: the head when the notice came. */
  notices: readonly PresenceNotice[];
}

export interface TypingView {
  /** Some of them, at most limits.typingNames. */
  userIds: readonly string[];
  count: number;
}

/** A conversation as its line in a list shows it. The same object until something of it changes. */
export interface ConversationSummary {
  conversation: Conversation;
  /** Absent while nothing was said, or nothing that is still there for this reader. */
  last?: LastMessage;
  unread: number;
  /** Seqs of unread messages that mention the user. */
  mentions: readonly number[];
  /**
   * The newest unread messages of others, ascending and bounded, without deleted ones and those of blocked and muted
   * people.
   */
  arrivals: readonly LastMessage[];
  /** Current notification level. */
  notices: NoticeLevel;
  /** Number on its badge: unread messages, mentions or nothing, by `notices`. */
  badge: number;
  /** Draft of the user. */
  draft?: string;
  /** Put away, and nothing new since. */
  isArchived: boolean;
}

export interface ClientView {
  connection: ConnectionView;
  /** Absent until the first session was made. */
  me?: User;
  lobbyId?: string;
  users: ReadonlyMap<string, User>;
  conversations: ReadonlyMap<string, ConversationSummary>;
  /** Conversations that were taken away, or are none of this person's, and why. */
  gone: ReadonlyMap<string, 'left' | 'banned' | 'erased'>;
  /** Friends and the requests that wait, by the id of the other one. */
  friends: ReadonlyMap<string, Friend>;
  /** People whom the user muted or blocked. */
  blocks: ReadonlyMap<string, Block['level']>;
  settings: PersonalSettings;
  /** Presence of friends. Empty without a connection. */
  statuses: ReadonlyMap<string, FriendPresence>;
  /** Invitations to groups and private rooms, by the conversation's id. */
  invitations: ReadonlyMap<string, Invitation>;
  /** Number in the title: all badges without the lobby's, with friend requests and invitations. */
  badge: number;
  /** Returns deletions that can still be undone, oldest first. */
  deletions: readonly PendingDeletion[];
  isHidden: boolean;
  /** True if the browser stores nothing: everything is lost when the page closes. */
  isEphemeral: boolean;
}

/** Notification that is shown once. */
export interface Notice {
  kind: 'refused' | 'signedOut';
  error?: ErrorBody;
}

/** Requests that are made at once and answered, or refused; nothing of them waits in the outbox. */
export type AskName =
  | 'presence:list'
  | 'message:pin'
  | 'room:join'
  | 'room:leave'
  | 'friend:request'
  | 'friend:accept'
  | 'friend:decline'
  | 'friend:withdraw'
  | 'friend:remove'
  | 'user:block'
  | 'user:unblock'
  | 'user:mute'
  | 'user:unmute'
  | 'connection:ping';

/** Commands on messages. Each returns at once; its change arrives through `subscribe`. */
export interface MessageCommands {
  /** Queues a message and returns its id. */
  send(conversationId: string, body: string, more?: Sending): string;
  edit(conversationId: string, messageId: string, body: string): void;
  /** Hides the line now; the request leaves after limits.undoDeleteMs. */
  remove(conversationId: string, messageId: string): void;
  undoRemove(entryId: string): void;
  react(conversationId: string, messageId: string, emoji: string, on: boolean): void;
  /** Sends a failed entry again, and the entries that it held back. */
  retry(entryId: string): void;
  discard(entryId: string): void;
}

/** Commands on conversations. Those without a promise return at once. */
export interface ConversationCommands {
  /** Follows a conversation while it is on screen. */
  open(conversationId: string): void;
  close(conversationId: string): void;
  loadBefore(conversationId: string): void;
  /** Loads newer messages, where timeline.hasAfter is true. */
  loadAfter(conversationId: string): void;
  /** Shows the lines around a seq, also if its message is gone. */
  jumpTo(conversationId: string, seq: number): void;
  jumpToLatest(conversationId: string): void;
  /** Moves the read mark. The lobby's mark stays on this device. */
  markRead(conversationId: string, seq: number): void;
  /** Sets the draft of the user on all of their devices; sent at most every limits.draftIntervalMs. */
  setDraft(conversationId: string, body: string): void;
  /** Call it with every key. Ends by itself, and with a sent message. Sent every limits.typingRepeatMs. */
  setTyping(conversationId: string, isTyping: boolean): void;
  /** Opens the direct conversation with a user and returns its id. */
  openDirect(userId: string): Promise<string>;
  /** Creates a group, opens it, and returns its id. Friends join at once, others are invited. */
  createGroup(group: { title: string; color?: AvatarColor; userIds: readonly string[] }): Promise<string>;
  /** Accepts an invitation and opens the group. */
  joinGroup(conversationId: string): Promise<void>;
  /** Creates a room, enters it, and returns its id and slug. Rejects with slug_taken. */
  createRoom(room: Omit<RouteBodyInput<'rooms.create'>, 'id'>): Promise<{ id: string; slug: string }>;
  /** Enters a room by its slug or id, opens it, and returns its id. */
  joinRoom(slug: string, invite?: string): Promise<string>;
  /** Leaves a room, or declines an invitation into one. */
  leaveRoom(conversationId: string): Promise<void>;
}

/** Commands on this device's presence and connection. */
export interface DeviceCommands {
  /** Skips the wait before the next connection attempt. */
  tryNow(): void;
  setHidden(isHidden: boolean): void;
  /** A device is idle after limits.idleAfterMs without input. */
  setIdle(isIdle: boolean): void;
}

/** Commands on the account and its sessions. Each rejects with a ClientError. */
export interface AccountCommands {
  changeProfile(change: { displayName?: string; color?: AvatarColor }): Promise<User>;
  /** Makes the guest a member and keeps everything of theirs. */
  register(account: NameAndPassword): Promise<void>;
  /** Logs in on this device. Logs the previous user out and deletes what is stored of them here. */
  logIn(account: NameAndPassword): Promise<void>;
  /** As logIn, by a recovery code; a member gives a new password. */
  recover(recovery: RouteBodyInput<'auth.recover'>): Promise<void>;
  logOut(): Promise<void>;
  /** Logs out on all devices, this one included. */
  endSessions(): Promise<void>;
  /** Deletes the account for good; a member gives the password. */
  deleteAccount(password?: string): Promise<void>;
}

/** Requests that are made at once, past the outbox. */
export interface ServerRequests {
  /** One request on the socket. Rejects with a ClientError that carries the ErrorBody. */
  ask<N extends AskName>(name: N, payload: RequestInput<N>): Promise<RequestReply<N>>;
  /** One REST call as the current user. Rejects with a ClientError. */
  call<N extends RouteName>(name: N, input: RouteCall<N>): Promise<RouteReply<N>>;
}

/** The client's state and life. */
export interface ClientState {
  /** The latest state; a new object after every change. */
  readonly view: ClientView;
  /** Calls `listener` after changes, at most once per task. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Restores what is stored, makes or renews the session, connects. */
  start(): Promise<void>;
  /** Closes the socket and the storage; nothing that is queued is lost. */
  stop(): Promise<void>;
  /** Returns the same object until the conversation's lines change. */
  timeline(conversationId: string): TimelineView | undefined;
  presence(conversationId: string): PresenceView | undefined;
  /** Returns who types, without the user and people whom they muted or blocked; the same object until it changes. */
  typing(conversationId: string): TypingView;
  /** Returns the state behind the view, for debugging and tests. */
  inspect(): Inspection;
}

/** The client without a screen. */
export interface Client
  extends ClientState, MessageCommands, ConversationCommands, DeviceCommands, AccountCommands, ServerRequests {}

/** Cursors and outbox of a client. Contains nothing that anybody wrote. */
export interface Inspection {
  connection: ConnectionView;
  epoch?: string;
  personalRev?: number;
  /** The last rev applied of each conversation that was opened. */
  cursors: Record<string, number>;
  outbox: {
    entryId: string;
    kind: 'send' | 'edit' | 'delete' | 'react';
    conversationId: string;
    state: DeliveryStatus;
  }[];
}
