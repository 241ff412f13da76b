import type { ErrorBody } from '@cloudhop/contracts';

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
  /** Time at which it is given up, unless something was received. */
  readonly livenessDeadline?: number;
  readonly fatal?: ErrorBody;
  /** Error of the last attempt, if it is known. */
  readonly reason?: ErrorBody;
  readonly syncRetryAt: number;
  readonly syncFailures: number;
}

export const initialConnection: ConnectionState = {
  isWanted: false,
  status: 'off',
  socket: 0,
  attempts: 0,
  retryAt: 0,
  isSynced: false,
  lastReceivedAt: 0,
  syncRetryAt: 0,
  syncFailures: 0,
};
