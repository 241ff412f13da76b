import type { Server } from 'node:http';
import { limits } from './limits';

/**
 * Ends connections whose request comes too slowly, and keeps idle ones for longer than proxies do. Call it before the
 * server listens.
 */
export function setTimeouts(server: Server): void {
  server.headersTimeout = limits.requestHeadersMs;
  server.requestTimeout = limits.requestMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  // An option of createServer, which Nest calls; Node reads the property when the server begins to listen.
  Reflect.set(server, 'connectionsCheckingInterval', limits.requestCheckIntervalMs);
}
