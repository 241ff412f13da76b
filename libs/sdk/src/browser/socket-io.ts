import type { ErrorBody, FactName, FactPayload } from '@cloudhop/contracts';
import { io } from 'socket.io-client';
import type { Connect } from '../shell/options';

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

/** Connections by socket.io-client, WebSocket only; reconnecting is the core's decision. Works in browsers and in Node. */
export function socketIoConnect(url?: string): Connect {
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
      once(() => listener.failed(error.data));
      socket.disconnect();
    });
    socket.on('disconnect', () => once(() => listener.disconnected()));
    for (const name of factNames) socket.on(name, (payload: FactPayload<typeof name>) => listener.told(name, payload));
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
