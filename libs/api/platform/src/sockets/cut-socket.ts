import type { EventEmitter } from 'node:events';
import type { AppSocket } from '../app-socket';
import { eventLog } from '../event-log';
import { limits } from '../limits';
import type { Metrics } from '../metrics';

export type CutReason = 'frozen' | 'hostile' | 'slow_reader' | 'token_expired';

const log = eventLog('sockets');
const cut = new WeakMap<Connection, CutReason>();

/** Connection of Engine.IO under a socket. */
export interface Connection {
  transport: object;
}

/** The WebSocket under Engine.IO's transport: only it knows what the kernel has not taken yet. */
interface WireSocket extends EventEmitter {
  bufferedAmount: number;
  terminate(): void;
}

/** Returns the WebSocket of a connection; undefined for another transport. */
export function wireOf(connection: Connection): WireSocket | undefined {
  const wire: unknown = Reflect.get(connection.transport, 'socket');
  const isWire = typeof wire === 'object' && wire !== null && 'terminate' in wire && 'bufferedAmount' in wire;
  return isWire ? (wire as WireSocket) : undefined;
}

/** True when more than `maxBytes` waits for this client, or more packets than a client that reads would ever let wait. */
export function isSlowReader(socket: AppSocket, maxBytes = limits.socketBufferBytes): boolean {
  // Engine.IO keeps its queue of packets private; what waits in memory can be read nowhere else.
  const waiting = Reflect.get(socket.conn, 'writeBuffer') as readonly { data?: unknown }[];
  if (waiting.length > limits.socketBufferPackets) return true;
  let bytes = wireOf(socket.conn)?.bufferedAmount ?? 0;
  for (const { data } of waiting) bytes += typeof data === 'string' ? data.length : 0;
  return bytes > maxBytes;
}

/** True once a socket was cut: what of it is still in our hands counts for nothing. */
export function isCut(socket: AppSocket): boolean {
  return cut.has(socket.conn);
}

/** Returns the reason for which a socket was cut; undefined if it wasn't. */
export function cutReasonOf(socket: AppSocket): CutReason | undefined {
  return cut.get(socket.conn);
}

/**
 * Closes a socket from the server's side. An expired token closes it in order, because the client reconnects. A socket
 * that floods or does not read is terminated: an orderly close would queue behind data that is never read. So is every
 * socket after a freeze: what waits for it may not be sent any more.
 */
export function cutSocket(socket: AppSocket, reason: CutReason, metrics: Metrics): void {
  const fields = { socketId: socket.id, userId: socket.data.actor?.userId };
  if (reason !== 'token_expired' && wireOf(socket.conn)) return cutConnection(socket.conn, reason, metrics, fields);
  if (markCut(socket.conn, reason, metrics, fields)) socket.disconnect(true);
}

/** Closes a connection at once, and drops what waits to be sent. */
export function cutConnection(connection: Connection, reason: CutReason, metrics: Metrics, fields: object = {}): void {
  if (markCut(connection, reason, metrics, fields)) wireOf(connection)?.terminate();
}

/** Counts and logs a cut. Returns false if the connection was cut already. */
function markCut(connection: Connection, reason: CutReason, metrics: Metrics, fields: object): boolean {
  if (cut.has(connection)) return false;
  cut.set(connection, reason);
  metrics.cutSockets.inc({ reason });
  log.info('socket_cut', { reason, ...fields });
  return true;
}
