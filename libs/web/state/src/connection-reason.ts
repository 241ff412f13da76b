import type { ErrorCode } from '@cloudhop/contracts';
import type { ConnectionView } from '@cloudhop/sdk';

/** Reasons of which a person can do something, or that end by themselves: each has words of its own. */
const reasons = ['websocket_blocked', 'too_many_sockets', 'rate_limited', 'overloaded'] as const satisfies ErrorCode[];
export type ConnectionReason = (typeof reasons)[number];

/** Returns true where an attempt before the planned one would be refused again. */
export function mustWait(reason: ConnectionReason | undefined): boolean {
  return reason === 'rate_limited' || reason === 'overloaded';
}

/** Returns why the last attempts failed. A first failure may be a server that is just starting again. */
export function connectionReason({ phase, reason, attempts }: ConnectionView): ConnectionReason | undefined {
  if (phase === 'live' || (reason?.code === 'websocket_blocked' && attempts < 2)) return undefined;
  return reasons.find((each) => each === reason?.code);
}
