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

/** Typing by conversation. Ends with the connection. */
export interface TypingState {
  readonly others: ReadonlyMap<string, Typing>;
  readonly own: ReadonlyMap<string, OwnTyping>;
}

export const initialTyping: TypingState = { others: new Map(), own: new Map() };
