import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FetchWays } from '../page-fetcher';
import type { PageHost } from '../page-host';

/** Web server on loopback that counts its connections. */
export interface PageServer {
  port: number;
  /** host:port, as in LINK_PREVIEW_HOSTS. */
  host: string;
  url: string;
  /** Requests that were received: path and headers. */
  asked: { url: string; headers: NodeJS.Dict<string | string[]> }[];
  /** Connections that were ever opened. */
  connections: number;
  /** Resolves when all connections are closed. */
  whenLeft(): Promise<void>;
  close(): Promise<void>;
}

export async function startPageServer(
  answer: RequestListener,
  certificate?: { key: string; cert: string },
): Promise<PageServer> {
  const sockets = new Set<Socket>();
  const server = certificate ? createSecureServer(certificate) : createServer();
  server.on('request', (request, response) => {
    page.asked.push({ url: request.url!, headers: request.headers });
    // Writing to a closed connection fails.
    response.on('error', () => {});
    answer(request, response);
  });
  server.on('connection', (socket: Socket) => {
    page.connections++;
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  const page: PageServer = {
    port,
    host,
    url: `${certificate ? 'https' : 'http'}://${host}`,
    asked: [],
    connections: 0,
    whenLeft: async () => {
      for (const socket of sockets) await new Promise((resolve) => socket.once('close', resolve));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return page;
}

/** Fake of the public web: resolves names to public addresses, and connects to a server on loopback. */
export function publicWeb(names: Record<string, string[]>, server: { port: number }) {
  const resolved: string[] = [];
  const opened: PageHost[] = [];
  const ways = {
    allowedHosts: new Set<string>(),
    agentName: 'Cloudhop',
    resolve: async (name) => {
      resolved.push(name);
      return names[name] ?? [];
    },
    openSocket: (host) => {
      opened.push(host);
      return connect(server.port, '127.0.0.1');
    },
  } satisfies FetchWays;
  return { ways, resolved, opened };
}

/** Writes the head of a page. */
export const page = (response: ServerResponse, headers: OutgoingHttpHeaders = {}): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/html', ...headers });

/** Writes without end, as fast as the client reads. */
export function endless(response: ServerResponse, chunk = Buffer.alloc(64 * 1024, 'x')): void {
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}
