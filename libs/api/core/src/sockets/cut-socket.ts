import type { AppSocket } from '../app-socket';
import { eventLog } from '../event-log';
import { limits } from '../limits';
import type { Metrics } from '../metrics';

export type CutReason = 'hostile' | 'slow_reader' | 'token_expired';

const log = eventLog('sockets');
const cut = new WeakSet<AppSocket>();

/** The WebSocket under Engine.IO's transport: only it knows what the kernel has not taken yet. */
interface WireSocket {
  bufferedAmount: number;
  terminate(): void;
}

function wireOf(socket: AppSocket): WireSocket | undefined {
  const wire: unknown = Reflect.get(socket.conn.transport, 'socket');
  const isWire = typeof wire === 'object' && wire !== null && 'terminate' in wire && 'bufferedAmount' in wire;
  return isWire ? (wire as WireSocket) : undefined;
}

/** True when more than `maxBytes` waits for this client, or more packets than a client that reads would ever let wait. */
export function isSlowReader(socket: AppSocket, maxBytes = limits.socketBufferBytes): boolean {
  // Engine.IO keeps its queue of packets private; what waits in memory can be read nowhere else.
  const waiting = Reflect.get(socket.conn, 'writeBuffer') as readonly { data?: unknown }[];
  if (waiting.length > limits.socketBufferPackets) return true;
  let bytes = wireOf(socket)?.bufferedAmount ?? 0;
  for (const { data } of waiting) bytes += typeof data === 'string' ? data.length : 0;
  return bytes > maxBytes;
}

/** True once a socket was cut: what of it is still in our hands counts for nothing. */
export function isCut(socket: AppSocket): boolean {
  return cut.has(socket);
}

/**
 * Closes a socket from our side. A token's end is told in order, as the client will come back; who floods or does not
 * read is not waited for: a polite close would queue behind what is never read.
 */
export function cutSocket(socket: AppSocket, reason: CutReason, metrics: Metrics): void {
  if (cut.has(socket)) return;
  cut.add(socket);
  metrics.cutSockets.inc({ reason });
  log.info('socket_cut', { reason, socketId: socket.id, userId: socket.data.actor?.userId });
  const wire = reason === 'token_expired' ? undefined : wireOf(socket);
  if (wire) wire.terminate();
  else socket.disconnect(true);
}
