import type { OutboxEntry } from '../outbox-entry';

/** Right to send the outbox of one conversation, and the pause after failures. */
export interface Lane {
  readonly claim: 'none' | 'requested' | 'held';
  /** Number of the latest claim. */
  readonly claimId: number;
  readonly retryAt: number;
  readonly failures: number;
}

/** Unsent messages and changes, with the right of this tab to send them. */
export interface OutboxState {
  /** By entryId. */
  readonly entries: readonly OutboxEntry[];
  /** By conversation. */
  readonly lanes: ReadonlyMap<string, Lane>;
  /** Number of the latest claim of a lane. */
  readonly lastClaim: number;
}

export const initialOutbox: OutboxState = { entries: [], lanes: new Map(), lastClaim: 0 };
