import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Draining } from '../draining';
import type { Env } from '../env';
import { limits } from '../limits';
import { Metrics } from '../metrics';
import { MetricsServer } from '../metrics-server';
import { startEdgeNode, type EdgeNode } from '../testing/edge-node';
import { HealthService } from './health.service';
import { Readiness } from './readiness';

const original = { ...limits };
let node: EdgeNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
  Object.assign(limits, original);
});

test('I12: probes are never limited, whatever their address did, and many of them cost one check', async () => {
  limits.addressRequestsPerMinute = 3;
  node = await startEdgeNode();
  const check = jest.fn(() => Promise.resolve());
  node.app.get(Readiness).addCheck('database', check);
  for (let n = 0; n < 5; n++) await node.api('GET', '/auth/me');
  expect((await node.api('GET', '/auth/me')).status).toBe(429);
  const paths = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? '/health/live' : '/health/ready'));
  const answers = await Promise.all(paths.map((path) => node!.api('GET', path)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  expect(answers.some(({ headers }) => headers.has('ratelimit-remaining'))).toBe(false);
  expect(check).toHaveBeenCalledTimes(1);
  // Whatever else begins like a probe is a request like any other.
  for (const path of ['/health', '/health/live/x', '/health/liveness', '/healthy'])
    expect((await node.api('GET', path)).status).toBe(429);
});

test('readiness is checked again once its answer is old, and draining shows at once', async () => {
  limits.readyKeptMs = 0;
  const readiness = new Readiness();
  const check = jest.fn<Promise<void>, []>(() => Promise.resolve());
  readiness.addCheck('database', check);
  const draining = new Draining();
  const health = new HealthService(readiness, draining);
  expect(await health.ready()).toEqual({ status: 'ok', checks: { database: true, accepting: true } });
  check.mockRejectedValueOnce(new Error('away'));
  await expect(health.ready()).rejects.toMatchObject({ code: 'unavailable', fields: { database: expect.any(String) } });
  await health.ready();
  limits.readyKeptMs = 60_000;
  await draining.drain('test');
  await expect(health.ready()).rejects.toMatchObject({ fields: { accepting: expect.any(String) } });
  expect(check).toHaveBeenCalledTimes(3);
});

test('the metrics port answers probes too, by the same paths', async () => {
  const readiness = new Readiness();
  let isAway = false;
  readiness.addCheck('database', () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()));
  limits.readyKeptMs = 0;
  const port = await freePort();
  const env = { METRICS_PORT: { host: '127.0.0.1', port } } as Env;
  const server = new MetricsServer(env, new Metrics(), new HealthService(readiness, new Draining()));
  await server.onApplicationBootstrap();
  try {
    const get = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: answer.status, json: (await answer.json()) as unknown };
    };
    for (const path of ['/api/health/live', '/health/live'])
      expect(await get(path)).toEqual({ status: 200, json: { status: 'ok', checks: {} } });
    for (const path of ['/api/health/ready', '/health/ready?verbose=1'])
      expect(await get(path)).toMatchObject({ status: 200, json: { checks: { database: true, accepting: true } } });
    isAway = true;
    expect(await get('/api/health/ready')).toMatchObject({ status: 503, json: { error: { code: 'unavailable' } } });
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
    for (const path of ['/', '/health', '/health/live/x', '/api/auth/me'])
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404);
  } finally {
    server.onApplicationShutdown();
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
