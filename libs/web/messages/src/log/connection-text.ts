import type { ConnectionView } from '@cloudhop/sdk';
import { connectionReason, mustWait, type ConnectionReason } from '@cloudhop/web/state';

/** Interruptions shorter than this are not shown. */
const blipMs = 400;

/** Translation key of the banner, with its parameters and action. */
export interface ConnectionText {
  key: 'connecting' | 'reconnecting' | 'retryIn' | 'retryNow' | 'offline' | 'catchingUp';
  seconds?: number;
  /** Cause of the interruption, if known. */
  reason?: ConnectionReason;
  canTryNow: boolean;
}

/** Returns the banner for a connection that has been down since `since`; undefined if there is nothing to show. */
export function connectionText(
  connection: ConnectionView,
  since: number | undefined,
  now: number,
): ConnectionText | undefined {
  if (connection.phase === 'live' || connection.fatal || since === undefined || now - since < blipMs) return undefined;
  const words = stateWords(connection, now);
  const reason = connectionReason(connection);
  if (!reason || !words.canTryNow) return words;
  return { ...words, reason, canTryNow: words.seconds === undefined || !mustWait(reason) };
}

function stateWords(connection: ConnectionView, now: number): ConnectionText {
  if (connection.phase === 'catchingUp') return { key: 'catchingUp', canTryNow: false };
  if (connection.phase === 'connecting')
    return { key: connection.attempts > 0 ? 'reconnecting' : 'connecting', canTryNow: false };
  if (connection.retryAt === undefined) return { key: 'offline', canTryNow: true };
  const seconds = Math.ceil((connection.retryAt - now) / 1_000);
  return seconds > 0 ? { key: 'retryIn', seconds, canTryNow: true } : { key: 'retryNow', canTryNow: true };
}
