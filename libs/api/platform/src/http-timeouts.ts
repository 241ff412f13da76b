import type { Server } from 'node:http';
import { limits } from './limits';

/** Sets the timeouts of slow requests and of idle connections. Must be called before the server listens. */
export function setTimeouts(server: Server): void {
  server.headersTimeout = limits.requestHeadersMs;
  server.requestTimeout = limits.requestMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  // An option of createServer, which Nest calls; Node reads the property when the server begins to listen.
  Reflect.set(server, 'connectionsCheckingInterval', limits.requestCheckIntervalMs);
}
