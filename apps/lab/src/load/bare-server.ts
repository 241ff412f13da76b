import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The baselines: servers that pass on what they get, and neither check, store nor acknowledge anything. A socket whose
 * address says `?pair=n` is heard by the other of its pair only, all others hear each other.
 * @param options which of the two: `socket.io` or `ws`
 */
export async function serveBare([kind]: string[]): Promise<void> {
  const http = createServer();
  if (kind === 'ws') serveWs(new WebSocketServer({ server: http, perMessageDeflate: false }));
  else serveSocketIo(new Server(http, { ...socketIoOptions, ...adapterOptions(process.env['REDIS_URL']) }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
  process.once('disconnect', () => process.exit(0));
}

const socketIoOptions = { transports: ['websocket' as const], perMessageDeflate: false, serveClient: false };

/** With a Redis, the stock adapter on clients as its documentation shows them. */
function adapterOptions(redisUrl: string | undefined) {
  if (redisUrl === undefined) return {};
  const publisher = new Redis(redisUrl);
  return { adapter: createAdapter(publisher, publisher.duplicate()) };
}

/** Users who wait for the other of their pair, and complete pairs. */
class Pairs<S extends object> {
  readonly #waiting = new Map<string, S>();
  readonly #partners = new WeakMap<S, S>();

  add(pair: string, socket: S): void {
    const other = this.#waiting.get(pair);
    if (other === undefined) this.#waiting.set(pair, socket);
    else {
      this.#partners.set(socket, other);
      this.#partners.set(other, socket);
    }
  }

  partnerOf(socket: S): S | undefined {
    return this.#partners.get(socket);
  }
}

function serveSocketIo(io: Server): void {
  const pairs = new Pairs<{ emit(event: string, payload: unknown): boolean }>();
  io.on('connection', (socket) => {
    const pair = socket.handshake.query['pair'];
    if (typeof pair === 'string') {
      pairs.add(pair, socket);
      socket.on('message:send', (message: unknown) => pairs.partnerOf(socket)?.emit('conversation:changed', message));
    } else {
      void socket.join('room');
      socket.on('message:send', (message: unknown) => io.to('room').emit('conversation:changed', message));
    }
  });
}

function serveWs(server: WebSocketServer): void {
  const pairs = new Pairs<WebSocket>();
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const pair = new URL(request.url ?? '/', 'http://localhost').searchParams.get('pair');
    if (pair !== null) {
      pairs.add(pair, socket);
      socket.on('message', (data) => pairs.partnerOf(socket)?.send(data, { binary: false }));
    } else {
      socket.on('message', (data) => {
        for (const client of server.clients) client.send(data, { binary: false });
      });
    }
  });
}
