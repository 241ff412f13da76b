/** Users who type in a conversation: a latest value. */
export interface Typing {
  readonly userIds: readonly string[];
  readonly count: number;
  /** Dropped then (device clock). */
  readonly until: number;
}

/** Typing of the user. */
export interface OwnTyping {
  /** Time of the last key. */
  readonly at: number;
  /** Time of the last report to the server. */
  readonly toldAt?: number;
}

/** Typing by conversation. Ends with the connection. */
export interface TypingState {
  readonly others: ReadonlyMap<string, Typing>;
  readonly own: ReadonlyMap<string, OwnTyping>;
}

export const initialTyping: TypingState = { others: new Map(), own: new Map() };
