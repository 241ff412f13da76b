import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { limits } from '../limits';
import { Metrics } from '../metrics';
import { parseRedisUrl, type RedisClient } from '../redis';
import { describeRateLimits } from '../testing/rate-limiter-contract';
import { type RedisServer, startRedis, startRedisCluster } from '../testing/redis-server';
import { LimitStore } from './limit-store';
import { RateLimits } from './rate-limits';

const fingerprint = '0123456789abcdef';
const nodes: { stop(): void }[] = [];
const before = { ...limits };

beforeAll(() => Logger.overrideLogger(false));
// A busy machine is no outage.
beforeEach(() => (limits.limitsWaitMs = 5_000));
afterEach(() => {
  for (const node of nodes.splice(0)) node.stop();
  Object.assign(limits, before);
});

async function until(isSo: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out after ${limitMs} ms`);
    await wait(20);
  }
}

interface LimitsNode {
  store: LimitStore;
  rateLimits: RateLimits;
  /** Returns how often this node counted by itself, by reason. */
  local(): Promise<Record<string, number>>;
}

/** Returns a node of several, without waiting for Redis. */
function aNode(url: string, nodeCount = 2): LimitsNode {
  const metrics = new Metrics();
  const store = new LimitStore({ REDIS_URL: parseRedisUrl(url) }, { refreshKey: 'a key of all nodes' }, metrics);
  store.start({ fingerprint, countNodes: () => nodeCount });
  nodes.push({ stop: () => store.onApplicationShutdown() });
  return {
    store,
    rateLimits: new RateLimits(store),
    local: async () =>
      Object.fromEntries((await metrics.limitsLocal.get()).values.map(({ labels, value }) => [labels.reason, value])),
  };
}

async function aSharingNode(url: string, nodeCount?: number): Promise<LimitsNode> {
  const node = aNode(url, nodeCount);
  await until(() => node.store.isShared);
  return node;
}

async function clientOf({ store }: LimitsNode): Promise<RedisClient> {
  let found: RedisClient | undefined;
  await store.ask((client) => Promise.resolve((found = client)));
  return found!;
}

/** Returns the names of the commands that the node sends from now on. */
async function commandsOf(node: LimitsNode): Promise<string[]> {
  const names: string[] = [];
  const client = await clientOf(node);
  const send: RedisClient['sendCommand'] = client.sendCommand.bind(client);
  client.sendCommand = ((command: { name: string }, ...rest: []) => {
    names.push(command.name);
    return send(command as never, ...rest);
  }) as RedisClient['sendCommand'];
  return names;
}

/** Returns how many of `tries` are admitted. */
async function admitted(
  limiter: { consume(key: string): Promise<void> },
  tries: number,
  key = 'momo',
): Promise<number> {
  let count = 0;
  for (let n = 0; n < tries; n++)
    count += await limiter.consume(key).then(
      () => 1,
      () => 0,
    );
  return count;
}

let contractServer: RedisServer | undefined;
describeRateLimits('in Redis', async () => {
  contractServer ??= await startRedis();
  await contractServer.cli('FLUSHALL');
  return (await aSharingNode(contractServer.url)).rateLimits;
});

describe('several nodes on one Redis', () => {
  it('share a limit, whichever of them is asked', async () => {
    const { url } = await startRedis();
    const [one, two] = [await aSharingNode(url), await aSharingNode(url)];
    const [first, second] = [one.rateLimits.perMinute('tests', 10), two.rateLimits.perMinute('tests', 10)];
    for (let n = 0; n < 5; n++) await Promise.all([first.consume('momo'), second.consume('momo')]);
    const report = jest.fn();
    for (const limiter of [first, second])
      await expect(limiter.consume('momo', 1, report)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(report.mock.calls.map(([standing]: [object]) => standing)).toEqual([
      { limit: 10, remainingPoints: 0, msBeforeNext: expect.any(Number) },
      { limit: 10, remainingPoints: 0, msBeforeNext: expect.any(Number) },
    ]);
    await second.consume('another');
    expect([await one.local(), await two.local()]).toEqual([{}, {}]);
  });

  it('refuse what is used up without asking Redis', async () => {
    const { url } = await startRedis();
    const node = await aSharingNode(url);
    const limiter = node.rateLimits.perMinute('tests', 2);
    expect(await admitted(limiter, 2)).toBe(2);
    const commands = await commandsOf(node);
    expect(await admitted(limiter, 100)).toBe(0);
    expect(commands.filter((name) => name.startsWith('eval'))).toEqual([]);
  });

  it('write keys that expire, begin with the database, lie in one slot, and name nobody', async () => {
    const server = await startRedis();
    const { rateLimits, store } = await aSharingNode(server.url);
    await rateLimits.perMinute('tests', 10).consume('203.0.113.9');
    await store.ask((client, keys) => client.hset(keys.tries('momo'), 'count', 1).then(() => ({})));
    const keys = (await server.cli('KEYS', '*')).split('\n').sort();
    expect(keys).toEqual([
      expect.stringContaining(`cloudhop:{${fingerprint}.limits}:probe`),
      expect.stringMatching(/^cloudhop:\{0123456789abcdef\.limits\}:rate:tests:[\w-]{22}$/),
      expect.stringMatching(/^cloudhop:\{0123456789abcdef\.limits\}:tries:[\w-]{22}$/),
    ]);
    for (const key of keys.filter((each) => !each.includes(':tries:')))
      expect(Number(await server.cli('PTTL', key))).toBeGreaterThan(0);
  });

  it('begin anew after a FLUSHALL, and go on sharing', async () => {
    const server = await startRedis();
    const [one, two] = [await aSharingNode(server.url), await aSharingNode(server.url)];
    const [first, second] = [one.rateLimits.perMinute('tests', 4), two.rateLimits.perMinute('tests', 4)];
    await first.consume('momo');
    await second.consume('momo');
    await server.cli('FLUSHALL');
    for (let n = 0; n < 2; n++) await Promise.all([first.consume('momo'), second.consume('momo')]);
    expect([await admitted(first, 1), await admitted(second, 1)]).toEqual([0, 0]);
    expect([await one.local(), await two.local()]).toEqual([{}, {}]);
  });
});

describe('a node whose Redis', () => {
  it('is paused waits once and briefly, then sends no command, and shares again afterwards', async () => {
    // No probe comes before the request.
    limits.limitsProbeMs = 60_000;
    const server = await startRedis();
    const node = await aSharingNode(server.url);
    limits.limitsWaitMs = before.limitsWaitMs;
    limits.limitsProbeMs = before.limitsProbeMs;
    const limiter = node.rateLimits.perMinute('tests', 1_000);
    const commands = await commandsOf(node);
    server.pause();
    const startedAt = performance.now();
    await limiter.consume('momo');
    const waitedMs = performance.now() - startedAt;
    expect(waitedMs).toBeGreaterThanOrEqual(limits.limitsWaitMs - 2);
    // Tolerance for a busy machine.
    expect(waitedMs).toBeLessThan(limits.limitsWaitMs + 1_000);
    expect(await admitted(limiter, 200)).toBe(200);
    expect(commands).toEqual([expect.stringMatching(/^eval/)]);
    expect(await node.local()).toEqual({ slow: 201 });
    server.resume();
  });

  it('is paused shares again once it is back', async () => {
    const server = await startRedis();
    const [one, two] = [await aSharingNode(server.url), await aSharingNode(server.url)];
    const client = await clientOf(one);
    limits.limitsWaitMs = before.limitsWaitMs;
    const lines = ['warn', 'log'].map((level) => jest.spyOn(Logger.prototype, level as 'warn'));
    server.pause();
    await until(() => !one.store.isShared && !two.store.isShared);
    // Its connections are cut meanwhile.
    await until(() => client.status !== 'ready');
    server.resume();
    await until(() => one.store.isShared && two.store.isShared);
    limits.limitsWaitMs = 5_000;
    // Once for each node, however many probes failed.
    expect(lines.map(({ mock }) => mock.calls.length)).toEqual([2, 2]);
    for (const line of lines) line.mockRestore();
    await one.rateLimits.perMinute('tests', 1).consume('momo');
    await expect(two.rateLimits.perMinute('tests', 1).consume('momo')).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it.each<[string, string, (server: RedisServer) => Promise<unknown>, (server: RedisServer) => Promise<unknown>]>([
    ['is killed', 'unreachable', (server) => server.kill(), (server) => server.restart()],
    [
      'becomes a replica',
      'read_only',
      async (server) => server.cli('REPLICAOF', '127.0.0.1', (await startRedis()).port),
      (server) => server.cli('REPLICAOF', 'NO', 'ONE'),
    ],
    [
      'is full',
      'full',
      (server) => server.cli('CONFIG', 'SET', 'maxmemory', '1mb'),
      (server) => server.cli('CONFIG', 'SET', 'maxmemory', '0'),
    ],
    [
      'has too few replicas',
      'failed',
      (server) => server.cli('CONFIG', 'SET', 'min-replicas-to-write', '3'),
      (server) => server.cli('CONFIG', 'SET', 'min-replicas-to-write', '0'),
    ],
  ])('%s counts by itself at once, and shares again afterwards', async (_, reason, damage, repair) => {
    const server = await startRedis();
    const [one, two] = [await aSharingNode(server.url, 2), await aSharingNode(server.url, 2)];
    const limitersOf = (name: string, points: number) => [
      one.rateLimits.perMinute(name, points),
      two.rateLimits.perMinute(name, points),
    ];
    const [first, second] = limitersOf('tests', 10);
    await first!.consume('momo');
    await damage(server);
    await until(() => !one.store.isShared && !two.store.isShared);
    // Half of the limit each, with what the node has consumed before.
    expect([await admitted(first!, 20), await admitted(second!, 20)]).toEqual([4, 5]);
    expect((await one.local())[reason]).toBe(20);
    const report = jest.fn();
    await second!.consume('another', 1, report);
    expect(report).toHaveBeenCalledWith({ limit: 5, remainingPoints: 4, msBeforeNext: 60_000 });
    await repair(server);
    await until(() => one.store.isShared && two.store.isShared);
    const [third, fourth] = limitersOf('afterwards', 1);
    await third!.consume('momo');
    expect(await admitted(fourth!, 1)).toBe(0);
  });

  it('needs a password counts by itself, and shares once it needs none', async () => {
    const server = await startRedis({ password: 'a long password' });
    const node = aNode(`redis://127.0.0.1:${server.port}`);
    const limiter = node.rateLimits.perMinute('tests', 1_000);
    await until(async () => {
      await limiter.consume('momo');
      return 'password_missing' in (await node.local());
    });
    await server.cli('CONFIG', 'SET', 'requirepass', '');
    await until(() => node.store.isShared);
  });

  it('is away from the start counts by itself, and shares once it is there', async () => {
    const server = await startRedis();
    await server.kill();
    const node = aNode(server.url);
    const limiter = node.rateLimits.perMinute('tests', 1_000);
    await until(async () => {
      await limiter.consume('momo');
      return 'unreachable' in (await node.local());
    });
    await server.restart();
    await until(() => node.store.isShared);
  });

  it('goes away grants its share of the last known nodes, and never none', async () => {
    const server = await startRedis();
    let known: number | undefined = 3;
    const store = new LimitStore({ REDIS_URL: parseRedisUrl(server.url) }, { refreshKey: 'x' }, new Metrics());
    store.start({ fingerprint, countNodes: () => known });
    nodes.push({ stop: () => store.onApplicationShutdown() });
    await until(() => store.isShared);
    await server.kill();
    await until(() => !store.isShared);
    // The bus knows of no other node without Redis.
    known = 1;
    expect([9, 8, 2, 1, 0].map((limit) => store.shareOf(limit))).toEqual([3, 2, 1, 1, 0]);
    known = undefined;
    await server.restart();
    await until(() => store.isShared);
    expect(store.shareOf(9)).toBe(3);
  });
});

test('in a cluster the limits outlive the primary of their slot', async () => {
  const cluster = await startRedisCluster(3, { replicas: 1 });
  const [one, two] = [await aSharingNode(cluster.url), await aSharingNode(cluster.url)];
  const [first, second] = [one.rateLimits.perMinute('tests', 2), two.rateLimits.perMinute('tests', 2)];
  await first.consume('momo');
  await second.consume('momo');
  expect(await admitted(first, 1)).toBe(0);
  const slot = Number(await cluster.primaries[0]!.cli('CLUSTER', 'KEYSLOT', `{${fingerprint}.limits}`));
  const owner = (await cluster.ownerOf(slot))!;
  await owner.kill();
  await until(() => !one.store.isShared && !two.store.isShared);
  expect(await admitted(first, 5, 'another')).toBe(1);
  await until(() => one.store.isShared && two.store.isShared);
  const [third, fourth] = [one.rateLimits.perMinute('afterwards', 1), two.rateLimits.perMinute('afterwards', 1)];
  await third.consume('momo');
  expect(await admitted(fourth, 1)).toBe(0);
  await cluster.stop();
}, 60_000);
