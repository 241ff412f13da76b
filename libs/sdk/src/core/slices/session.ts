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
  /** Earliest time of the next attempt. */
  readonly tellAt: number;
  readonly isEnded: boolean;
}

export const initialSession: SessionState = {
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
