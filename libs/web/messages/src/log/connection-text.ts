import type { ConnectionView } from '@cloudhop/sdk';
import { connectionReason, mustWait, type ConnectionReason } from '@cloudhop/web/state';

/** A connection that comes back sooner than this is nothing to speak of. */
export const blipMs = 400;

/** What the banner says: a key of the dictionary, and what can be done. */
export interface ConnectionText {
  key: 'connecting' | 'reconnecting' | 'retryIn' | 'retryNow' | 'offline' | 'catchingUp';
  seconds?: number;
  /** What keeps the page from its server, where that is known. */
  reason?: ConnectionReason;
  canTryNow: boolean;
}

/** The banner's words for a connection that has not been live since `since`; undefined when there is nothing to say. */
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
