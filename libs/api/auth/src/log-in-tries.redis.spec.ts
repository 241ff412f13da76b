import { setTimeout as wait } from 'node:timers/promises';
import { LimitStore, limits, Metrics, parseRedisUrl } from '@cloudhop/api/platform';
import { type RedisServer, startRedis } from '@cloudhop/api/platform/testing/redis';
import { Logger } from '@nestjs/common';
import { LogInTries, type Trier } from './log-in-tries';

const before = { ...limits };
const fingerprint = '0123456789abcdef';
let server: RedisServer;
let nodes: { store: LimitStore; tries: LogInTries }[];
let delays: number[];

async function until(isSo: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out after ${limitMs} ms`);
    await wait(20);
  }
}

function aNode() {
  const store = new LimitStore({ REDIS_URL: parseRedisUrl(server.url) }, { refreshKey: 'a key' }, new Metrics());
  store.start({ fingerprint, countNodes: () => 2 });
  const time = { now: Date.now, pause: (ms: number) => Promise.resolve(void delays.push(ms)) };
  return { store, tries: new LogInTries(store, time) };
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await startRedis();
});
beforeEach(async () => {
  // A busy machine is no outage.
  limits.limitsWaitMs = 5_000;
  if (!server.isRunning) await server.restart();
  await server.cli('FLUSHALL');
  delays = [];
  nodes = [aNode(), aNode()];
  await until(() => nodes.every(({ store }) => store.isShared));
});
afterEach(() => {
  for (const { store } of nodes) store.onApplicationShutdown();
  Object.assign(limits, before);
});

/** Tries at a node. Returns the wait in ms; undefined if the password was looked at. */
async function tryAt(node: number, trier: Trier, isRight = false): Promise<number | undefined> {
  try {
    await nodes[node % 2]!.tries.attempt(trier, () => Promise.resolve(isRight ? true : undefined));
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'rate_limited' });
    return (error as { retryAfterMs: number }).retryAfterMs;
  }
}

/** Returns how many of `tries` at the nodes in turn were looked at. */
async function lookedAt(tries: number, trierAt: (n: number) => Trier): Promise<number> {
  let looked = 0;
  for (let n = 0; n < tries; n++) if ((await tryAt(n, trierAt(n))) === undefined) looked++;
  return looked;
}

const momo = { name: 'momo', address: 'home' };

describe('R5: tries to log in that are spread over two nodes', () => {
  it.each<[string, Trier]>([
    ['one name from one address', momo],
    ['a known device', { ...momo, deviceId: 'x' }],
    ['a session', { sessionId: 'x' }],
  ])('are counted together: %s', async (_, trier) => {
    expect(await lookedAt(limits.freeLogInTries, () => trier)).toBe(limits.freeLogInTries);
    const waits = [await tryAt(0, trier), await tryAt(1, trier)];
    for (const waitMs of waits) {
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(1_000);
    }
    // The wait is over at both; the next one is twice as long.
    await until(async () => (await tryAt(0, trier)) === undefined);
    expect(await tryAt(1, trier)).toBeGreaterThan(1_000);
    expect(await tryAt(1, trier)).toBeLessThanOrEqual(2_000);
  });

  it('are counted together by name, whatever the addresses', async () => {
    limits.freeNameLogInTries = 12;
    expect(await lookedAt(20, (n) => ({ name: 'momo', address: `address ${n}` }))).toBe(12);
    expect(await tryAt(0, { ...momo, deviceId: 'known' })).toBeUndefined();
  });

  it('are delayed together by the names of an address', async () => {
    limits.freeAddressLogInTries = 10;
    await lookedAt(15, (n) => ({ name: `name ${n}`, address: 'school' }));
    expect(delays).toEqual([1, 2, 3, 4].map((n) => n * limits.logInDelayStepMs));
    expect(await tryAt(0, momo)).toBeUndefined();
    expect(delays).toHaveLength(4);
  });

  it('are lifted together by a right one', async () => {
    limits.freeAddressLogInTries = 1;
    for (let round = 0; round < 5; round++) {
      expect(await lookedAt(limits.freeLogInTries - 1, () => momo)).toBe(limits.freeLogInTries - 1);
      expect(await tryAt(round, momo, true)).toBeUndefined();
    }
    expect(delays).toEqual([]);
    expect(await server.cli('KEYS', '*:tries:*')).toBe('');
  });

  it('leave the wait of a later try when one is taken back', async () => {
    await lookedAt(limits.freeLogInTries - 1, () => momo);
    const gate = Promise.withResolvers<undefined>();
    const slow = nodes[0]!.tries.attempt(momo, () => gate.promise);
    await until(async () => (await tryAt(1, momo)) !== undefined);
    gate.reject(new Error('no database'));
    await expect(slow).rejects.toThrow('no database');
    // It could not be verified, so it is none, and another one is free.
    expect(await tryAt(1, momo)).toBeUndefined();
    expect(await tryAt(0, momo)).toBeGreaterThan(0);
  });

  it('are counted before they are looked at, many at once', async () => {
    const gate = Promise.withResolvers<undefined>();
    let looked = 0;
    const answers = Array.from({ length: 50 }, (_, n) =>
      nodes[n % 2]!.tries.attempt(momo, () => {
        looked++;
        return gate.promise;
      }),
    );
    let settled = 0;
    for (const answer of answers) void answer.catch(() => undefined).finally(() => settled++);
    await until(() => settled + looked === 50);
    expect(looked).toBe(limits.freeLogInTries);
    gate.resolve(undefined);
    await Promise.allSettled(answers);
  });

  it('never wait longer than the maximum, also if the clock of Redis jumps back', async () => {
    await lookedAt(limits.freeLogInTries, () => momo);
    for (const key of (await server.cli('KEYS', '*:tries:*')).split('\n'))
      await server.cli('HSET', key, 'until', Date.now() + 36_000_000);
    const waitMs = (await tryAt(0, momo))!;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(limits.logInWaitMs);
  });

  it('are forgotten an hour after the last one', async () => {
    await lookedAt(3, () => momo);
    await tryAt(0, { sessionId: 'x' });
    const keys = (await server.cli('KEYS', '*')).split('\n').filter((key) => !key.endsWith(':probe'));
    expect(keys).toHaveLength(4);
    for (const key of keys) {
      const ttl = Number(await server.cli('PTTL', key));
      expect(ttl).toBeGreaterThan(3_500_000);
      expect(ttl).toBeLessThanOrEqual(3_600_000);
    }
  });

  it('get a share of the free ones at each node while Redis is away, less those before', async () => {
    limits.freeLogInTries = 6;
    await tryAt(0, momo);
    await server.kill();
    await until(() => nodes.every(({ store }) => !store.isShared));
    const looked = [0, 0];
    for (let n = 0; n < 20; n++) if ((await tryAt(n, momo)) === undefined) looked[n % 2]!++;
    expect(looked).toEqual([2, 3]);
    expect(await tryAt(0, { ...momo, deviceId: 'known' })).toBeUndefined();
    await server.restart();
    await until(() => nodes.every(({ store }) => store.isShared));
    expect(await lookedAt(20, () => momo)).toBe(limits.freeLogInTries);
  });
});
