export interface SessionState {
  readonly token?: string;
  /** Device clock. */
  readonly expiresAt: number;
  readonly renewAt: number;
  /** Number of the request for a session in flight. */
  readonly requestId?: number;
  /** Number of the latest one. */
  readonly lastRequest: number;
  /** The server refused the token: it must be renewed whatever the clock says. */
  readonly isRejected: boolean;
  readonly failures: number;
  /** Consecutive answers that the session has ended. */
  readonly refusals: number;
  readonly retryAt: number;
  /** The socket does not know the current token yet. */
  readonly mustTellSocket: boolean;
  /** Earliest time of the next attempt. */
  readonly tellAt: number;
  readonly isEnded: boolean;
}

export const initialSession: SessionState = {
  expiresAt: 0,
  renewAt: 0,
  lastRequest: 0,
  isRejected: false,
  failures: 0,
  refusals: 0,
  retryAt: 0,
  mustTellSocket: false,
  tellAt: 0,
  isEnded: false,
};
