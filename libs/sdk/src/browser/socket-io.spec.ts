import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ErrorBody } from '@cloudhop/contracts';
import { socketIoConnect } from './socket-io';

let server: Server;
/** A server behind a proxy that passes no Upgrade: HTTP is answered, WebSockets are not. */
beforeAll(async () => {
  server = createServer((request, response) =>
    response.writeHead(request.url === '/api/health/ready' ? 200 : 400).end(),
  );
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

function failure(url: string): Promise<ErrorBody | undefined> {
  return new Promise((resolve) => {
    socketIoConnect(url)(
      { token: 'token', hidden: false, idle: false },
      { failed: resolve, connected: () => undefined, disconnected: () => undefined, factReceived: () => undefined },
    );
  });
}

test('a WebSocket that fails where HTTP works is blocked by something in between', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await failure(url)).toMatchObject({ code: 'websocket_blocked' });
});

test('a server that does not answer at all is just away', async () => {
  expect(await failure('http://127.0.0.1:9')).toBeUndefined();
});
