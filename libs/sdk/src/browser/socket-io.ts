import type { ErrorBody, FactName, FactPayload } from '@cloudhop/contracts';
import { io } from 'socket.io-client';
import type { Connect } from '../shell/options';

/** Message of engine.io's client if the WebSocket itself failed. */
const transportFailed = 'websocket error';
const blocked: ErrorBody = { code: 'websocket_blocked', message: 'A proxy in between does not pass WebSockets.' };

const factNames: readonly FactName[] = [
  'conversation:changed',
  'personal:changed',
  'presence:changed',
  'status:changed',
  'read:changed',
  'typing:changed',
  'session:revoked',
  'server:draining',
];

const probeTimeoutMs = 5_000;

/** Returns true if the server answers over HTTP, and accepts sockets. */
async function isServerReady(url = ''): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(probeTimeoutMs) })).ok;
  } catch {
    return false;
  }
}

/**
 * Returns connections by socket.io-client, WebSocket only, without its own reconnects: the core decides. Works in browsers
 * and in Node. A browser doesn't say why a WebSocket failed: if the server answers over HTTP, a proxy blocks WebSockets.
 */
export function socketIoConnect(url?: string, isReady = () => isServerReady(url)): Connect {
  return (auth, listener) => {
    const options = { auth, transports: ['websocket'], reconnection: false, forceNew: true, timeout: 10_000 };
    const socket = url === undefined ? io(options) : io(url, options);
    let isOver = false;
    const once = (tell: () => void) => {
      if (isOver) return;
      isOver = true;
      tell();
    };
    socket.on('connect', () => listener.connected());
    socket.on('connect_error', (error: Error & { data?: ErrorBody }) => {
      socket.disconnect();
      if (error.data || error.message !== transportFailed) return once(() => listener.failed(error.data));
      void isReady().then((ready) => once(() => listener.failed(ready ? blocked : undefined)));
    });
    socket.on('disconnect', () => once(() => listener.disconnected()));
    for (const name of factNames)
      socket.on(name, (payload: FactPayload<typeof name>) => listener.factReceived(name, payload));
    return {
      request: (name, payload, timeoutMs) =>
        new Promise((resolve, reject) => {
          const gone = () => reject(new Error('the connection closed'));
          socket.once('disconnect', gone);
          socket.timeout(timeoutMs).emit(name, payload, (error: Error | null, reply: unknown) => {
            socket.off('disconnect', gone);
            if (error) reject(error);
            else resolve(reply);
          });
        }),
      close: () => {
        isOver = true;
        socket.disconnect();
      },
    };
  };
}
