import type { ConnectionView } from '@cloudhop/sdk';

/** A connection that comes back sooner than this is nothing to speak of. */
export const blipMs = 400;

/** What the banner says: a key of the dictionary, and what can be done. */
export interface ConnectionWords {
  key: 'connecting' | 'reconnecting' | 'retryIn' | 'retryNow' | 'crowdedIn' | 'offline' | 'catchingUp';
  seconds?: number;
  canTryNow: boolean;
}

/** Too many people behind this address: the server said when it lets the next in. */
export function isCrowded({ refusal }: ConnectionView): boolean {
  return refusal?.code === 'rate_limited';
}

/** The banner's words for a connection that has not been live since `since`; undefined when there is nothing to say. */
export function connectionWords(
  connection: ConnectionView,
  since: number | undefined,
  now: number,
): ConnectionWords | undefined {
  if (connection.phase === 'live' || connection.fatal || since === undefined || now - since < blipMs) return undefined;
  if (connection.phase === 'catchingUp') return { key: 'catchingUp', canTryNow: false };
  if (connection.phase === 'connecting')
    return { key: connection.attempts > 0 ? 'reconnecting' : 'connecting', canTryNow: false };
  if (connection.retryAt === undefined) return { key: 'offline', canTryNow: true };
  const seconds = Math.ceil((connection.retryAt - now) / 1_000);
  // An attempt before then would be refused again.
  if (isCrowded(connection) && seconds > 0) return { key: 'crowdedIn', seconds, canTryNow: false };
  return seconds > 0 ? { key: 'retryIn', seconds, canTryNow: true } : { key: 'retryNow', canTryNow: true };
}
