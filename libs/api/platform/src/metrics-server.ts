import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from './configuration-error';
import { ENV, type Env } from './env';
import { eventLog } from './event-log';
import { HealthService } from './health/health.service';
import { probeOf } from './health/probes';
import { setTimeouts } from './http-timeouts';
import { Metrics } from './metrics';
import { renderError } from './render-error';

const log = eventLog('metrics');

/** Serves /metrics and probes on a port of their own; the public one has no metrics. Off without METRICS_PORT. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  #server?: Server;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly metrics: Metrics,
    private readonly health: HealthService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const place = this.env.METRICS_PORT;
    if (!place) return;
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        log.error('metrics_failed', error);
        response.writeHead(500).end();
      });
    });
    setTimeouts(server);
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

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = url?.replace(/\?.*$/s, '');
    const probe = probeOf(path);
    if (method !== 'GET' || (path !== '/metrics' && probe === undefined)) {
      response.writeHead(404).end();
      return;
    }
    if (probe === undefined) {
      const text = await this.metrics.registry.metrics();
      response.writeHead(200, { 'Content-Type': this.metrics.registry.contentType }).end(text);
      return;
    }
    const { status, body } = await this.#probe(probe);
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(body));
  }

  async #probe(probe: 'live' | 'ready'): Promise<{ status: number; body: object }> {
    try {
      return { status: 200, body: await this.health[probe]() };
    } catch (error) {
      const { status, body } = renderError(error);
      return { status, body: { error: body } };
    }
  }

  onApplicationShutdown(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
