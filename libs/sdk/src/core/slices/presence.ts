/** Line in a log that says who joined or left. */
export interface PresenceNotice {
  id: string;
  kind: 'joined' | 'left';
  /** Some of the people, by name. */
  userIds: readonly string[];
  /** Number of users in all. */
  count: number;
  afterSeq: number;
  at: number;
}

export interface Presence {
  readonly count: number;
  /** The server can't reach other servers: there may be more. */
  readonly isAtLeast: boolean;
  /** Counted on this socket. */
  readonly isCurrent: boolean;
  readonly notices: readonly PresenceNotice[];
  readonly noticed: number;
}

/** Presence in conversations, and this device's own. */
export interface PresenceState {
  readonly byConversation: ReadonlyMap<string, Presence>;
  /** Time at which counts are asked for that the server did not send. */
  readonly countAt?: number;
  readonly isHidden: boolean;
  readonly isIdle: boolean;
  /** The server does not know yet whether this device is hidden or idle. */
  readonly mustTell: boolean;
}

export const initialPresence: PresenceState = {
  byConversation: new Map(),
  isHidden: false,
  isIdle: false,
  mustTell: false,
};
