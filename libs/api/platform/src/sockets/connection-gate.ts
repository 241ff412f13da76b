import { limits as contractLimits } from '@cloudhop/contracts';
import { limits } from '../limits';
import type { Metrics } from '../metrics';
import { type Connection, cutConnection, wireOf } from './cut-socket';

const [messageType, eventType] = Buffer.from('42');

/**
 * Counts the packets of a connection before they are decoded, and cuts it off beyond what an honest client sends: as many
 * events as may be admitted and refused, and a few other packets (pongs, acknowledgements, connects, binary).
 */
export function guardConnection(connection: Connection, metrics: Metrics): void {
  const wire = wireOf(connection);
  if (!wire) return;
  let windowAt = -Infinity;
  let events = 0;
  let strays = 0;

  const count = (isEvent: boolean) => {
    const now = performance.now();
    if (now - windowAt >= limits.refusedWindowMs) {
      windowAt = now;
      events = 0;
      strays = 0;
    }
    if (isEvent) events++;
    else strays++;
    const maxEvents = (contractLimits.requestsPerSecond * limits.refusedWindowMs) / 1_000 + limits.refusedEvents;
    if (events <= maxEvents && strays <= limits.strayPackets) return;
    // The packets of the same read, which can be thousands, are still emitted: nobody must handle them.
    for (const name of ['message', 'ping', 'pong']) wire.removeAllListeners(name);
    cutConnection(connection, 'hostile', metrics);
  };
  wire.prependListener('message', (data: Buffer, isBinary: boolean) =>
    count(!isBinary && data[0] === messageType && data[1] === eventType),
  );
  wire.on('ping', () => count(false));
  wire.on('pong', () => count(false));
}
