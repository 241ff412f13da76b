import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FetchWays } from '../page-fetcher';
import type { PageHost } from '../page-host';

/** A web server on loopback that knows who is still connected to it. */
export interface PageServer {
  port: number;
  /** host:port, as an administrator would name it. */
  host: string;
  url: string;
  /** Heads of the requests that came: method, path, headers. */
  asked: { url: string; headers: NodeJS.Dict<string | string[]> }[];
  /** Connections that were ever opened. */
  connections: number;
  /** Resolves when nobody is connected any more. */
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
    // What is written to somebody who has gone.
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

/** Public names whose servers are on loopback: what comes after the check of addresses is led there. */
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

/** The head of a page. */
export const page = (response: ServerResponse, headers: OutgoingHttpHeaders = {}): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/html', ...headers });

/** Writes as fast as it is read, for as long as somebody reads. */
export function endless(response: ServerResponse, chunk = Buffer.alloc(64 * 1024, 'x')): void {
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}
