import type { ErrorCode } from '@cloudhop/contracts';
import type { ConnectionView } from '@cloudhop/sdk';

/** Reasons with a text of their own: the user can act on them, or they end by themselves. */
const reasons = ['websocket_blocked', 'too_many_sockets', 'rate_limited', 'overloaded'] as const satisfies ErrorCode[];
export type ConnectionReason = (typeof reasons)[number];

/** Returns true if an attempt before the scheduled one would be refused again. */
export function mustWait(reason: ConnectionReason | undefined): boolean {
  return reason === 'rate_limited' || reason === 'overloaded';
}

/**
 * Returns why the last attempts failed. The first failure of a WebSocket may be a restarting server and has no reason.
 */
export function connectionReason({ phase, reason, attempts }: ConnectionView): ConnectionReason | undefined {
  if (phase === 'live' || (reason?.code === 'websocket_blocked' && attempts < 2)) return undefined;
  return reasons.find((each) => each === reason?.code);
}
