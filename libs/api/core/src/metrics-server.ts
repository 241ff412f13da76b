import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from './configuration-error';
import { ENV, type Env } from './env';
import { eventLog } from './event-log';
import { Metrics } from './metrics';

const log = eventLog('metrics');

/** Serves /metrics on a port of its own, so that the public one never does. Off without METRICS_PORT. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  #server?: Server;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const place = this.env.METRICS_PORT;
    if (!place) return;
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.metrics.registry.metrics().then(
        (text) => response.writeHead(200, { 'Content-Type': this.metrics.registry.contentType }).end(text),
        (error: unknown) => {
          log.error('metrics_failed', error);
          response.writeHead(500).end();
        },
      );
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE' || error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES'
            ? new ConfigurationError(
                `METRICS_PORT ${place.host}:${place.port} can't be used (${error.code}): choose another one.`,
              )
            : error,
        ),
      );
      server.listen(place.port, place.host, () => {
        server.removeAllListeners('error');
        server.on('error', (error) => log.error('metrics_server_failed', error));
        resolve();
      });
    });
    const { port } = server.address() as AddressInfo;
    log.info('metrics_listening', { host: place.host, port });
  }

  onApplicationShutdown(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
