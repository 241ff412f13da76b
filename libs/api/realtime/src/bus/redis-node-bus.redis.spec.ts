import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createRedisClient, Metrics, limits, parseRedisUrl } from '@cloudhop/api/platform';
import {
  type RedisCluster,
  freePort,
  type RedisServer,
  startRedis,
  startRedisCluster,
  startSentinel,
} from '@cloudhop/api/platform/testing/redis';
import { conversationFeed } from '../feeds';
import { describeNodeBus } from '../testing/node-bus-contract';
import type { PublishedFrame } from './node-bus';
import { RedisNodeBus, type RedisNodeBusOptions } from './redis-node-bus';

const buses = new Set<RedisNodeBus>();

function aBus(url: string, options: Partial<RedisNodeBusOptions> = {}) {
  const metrics = new Metrics();
  const bus = new RedisNodeBus({
    redis: parseRedisUrl(url),
    secret: 'a secret of all nodes of the instance',
    fingerprint: '00112233aabbccdd',
    epoch: () => 'epoch-1',
    metrics,
    ...options,
  });
  buses.add(bus);
  bus.start();
  let gaps = 0;
  bus.onGap(() => gaps++);
  const count = async (name: 'busDropped' | 'busIgnored') => {
    const { values } = await metrics[name].get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.reason, value]));
  };
  return { bus, count, gaps: () => gaps };
}

async function until(isSo: () => boolean | Promise<boolean>, what: string, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited too long until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const connected = (...all: { bus: RedisNodeBus }[]) =>
  until(() => all.every(({ bus }) => bus.state === 'connected'), 'the bus is connected');

const feed = conversationFeed('a');
const frame = (toRev: number, of = feed): PublishedFrame => ({
  epoch: 'epoch-1',
  feed: of,
  fromRev: toRev - 1,
  toRev,
  changes: [],
  users: [],
});

async function framesAt(bus: RedisNodeBus, of = feed): Promise<PublishedFrame[]> {
  const frames: PublishedFrame[] = [];
  await bus.subscribe(of, (each) => frames.push(each));
  return frames;
}

/** Publishes frames until one arrives: what is published while Redis is away is lost. */
async function arrives(from: RedisNodeBus, frames: PublishedFrame[], rev: number, of = feed): Promise<void> {
  await until(() => {
    from.publish(frame(rev, of));
    return frames.some(({ toRev }) => toRev === rev);
  }, `frame ${rev} arrives`);
}

afterEach(() => {
  for (const bus of buses) bus.stop();
  buses.clear();
});

describe('on one server', () => {
  let server: RedisServer;
  beforeAll(async () => void (server = await startRedis({ password: 'of this spec' })));
  afterEach(async () => {
    // Whatever a failed test left: a resumed server is no other one than before.
    if (server.isRunning) server.resume();
    else await server.restart();
  });

  const twoNodes = async () => {
    const [one, two] = [aBus(server.url), aBus(server.url)] as const;
    await connected(one, two);
    return [one, two] as const;
  };

  describeNodeBus('the bus on Redis', async () => {
    const [one, two] = await twoNodes();
    return [one.bus, two.bus];
  });

  test('a forged, altered, moved or foreign message reaches nobody, and is counted', async () => {
    const [one, two] = await twoNodes();
    const frames = await framesAt(two.bus);
    const others = await framesAt(two.bus, conversationFeed('b'));
    const channels = (await server.cli('PUBSUB', 'CHANNELS')).split('\n');
    const channel = channels.find((name) => name.endsWith(':conversation:a'))!;
    const elsewhere = channels.find((name) => name.endsWith(':conversation:b'))!;
    const forgers = [
      aBus(server.url, { secret: 'another secret of another instance' }),
      aBus(server.url, { epoch: () => 'epoch-2' }),
    ];
    await connected(...forgers);
    forgers[0]!.bus.publish(frame(1));
    forgers[1]!.bus.publish({ ...frame(1), epoch: 'epoch-2' });
    await server.cli('PUBLISH', channel, 'nonsense');
    await server.cli('PUBLISH', channel, '\u0001'.repeat(60));
    await server.cli('PUBLISH', channel, 'x'.repeat(60));
    // Taken from one channel and published on another, as whoever has Redis can.
    const spy = await spyOn(server, channel);
    await arrives(one.bus, frames, 2);
    const taken = await spy.message;
    await spy.publish(elsewhere, taken);
    await spy.publish(channel, Buffer.concat([taken, Buffer.from(' ')]));
    await until(async () => (await two.count('busIgnored'))['signature']! >= 4, 'the messages are counted');
    expect(frames.filter(({ toRev }) => toRev !== 2)).toEqual([]);
    expect(others).toEqual([]);
    expect(await two.count('busIgnored')).toMatchObject({ epoch: 1, size: 1, version: 1, signature: 4 });
    spy.close();
  });

  test('two instances on one Redis never meet', async () => {
    const [one] = await twoNodes();
    const other = aBus(server.url, { fingerprint: 'ffffffffffffffff' });
    await connected(other);
    const [own, foreign] = [await framesAt(one.bus), await framesAt(other.bus)];
    other.bus.publish(frame(1));
    const third = aBus(server.url);
    await connected(third);
    await arrives(third.bus, own, 2);
    expect(own.map(({ toRev }) => toRev)).not.toContain(1);
    expect(foreign).toEqual([]);
    expect(await one.count('busIgnored')).toEqual({});
  });

  test('I8: a killed Redis loses messages only, and its return is a gap', async () => {
    const [one, two] = await twoNodes();
    const frames = await framesAt(two.bus);
    await arrives(one.bus, frames, 1);
    const gaps = two.gaps();
    await server.kill();
    await until(() => one.bus.state === 'interrupted' && two.bus.state === 'interrupted', 'both notice');
    // Returns at once, and subscribes for later.
    const late = await framesAt(two.bus, conversationFeed('late'));
    one.bus.publish(frame(2));
    expect((await one.count('busDropped'))['away']).toBeGreaterThan(0);
    await server.restart();
    await connected(one, two);
    await until(() => two.gaps() > gaps, 'the gap is told');
    await arrives(one.bus, frames, 3);
    await arrives(one.bus, late, 4, conversationFeed('late'));
    expect(frames.map(({ toRev }) => toRev)).not.toContain(2);
  });

  test('I8: a paused Redis fills nothing: publishes are dropped and counted, and it is cut off', async () => {
    const [one, two] = await twoNodes();
    const frames = await framesAt(two.bus);
    await arrives(one.bus, frames, 1);
    server.pause();
    const big = { ...frame(2), changes: [{ text: 'x'.repeat(100_000) }] } as unknown as PublishedFrame;
    for (let i = 0; i < 5_000; i++) one.bus.publish(big);
    const dropped = await one.count('busDropped');
    const { bytes = 0, stalled = 0 } = dropped;
    expect(bytes + stalled).toBeGreaterThanOrEqual(5_000 - limits.busBytesInFlight / 100_000 - 1);
    await until(async () => ((await one.count('busDropped'))['failed'] ?? 0) > 0, 'the silent server is cut off');
    await until(() => one.bus.state === 'interrupted', 'the state is told');
    server.resume();
    await connected(one, two);
    await arrives(one.bus, frames, 3);
  });

  test('a flushed and a full Redis change nothing', async () => {
    const [one, two] = await twoNodes();
    const frames = await framesAt(two.bus);
    await server.cli('FLUSHALL');
    await arrives(one.bus, frames, 1);
    await server.cli('CONFIG', 'SET', 'maxmemory', '1mb');
    await arrives(one.bus, frames, 2);
    expect(one.bus.state).toBe('connected');
    await server.cli('CONFIG', 'SET', 'maxmemory', '0');
  });

  test('a replica is not used until it is a primary', async () => {
    const replica = await startRedis({ config: { replicaof: `127.0.0.1 1` } });
    const one = aBus(replica.url);
    await until(() => one.bus.problem?.code === 'read_only', 'the role is seen');
    expect(one.bus.state).toBe('interrupted');
    await replica.cli('REPLICAOF', 'NO', 'ONE');
    await connected(one);
    expect(one.bus.problem).toBeUndefined();
    await replica.stop();
  });

  test.each([
    ['without its password', (port: number) => `redis://127.0.0.1:${port}`, 'password_missing'],
    ['with a wrong password', (port: number) => `redis://:wrong@127.0.0.1:${port}`, 'password_wrong'],
    ['by TLS, which it has not', (port: number) => `rediss://:x@127.0.0.1:${port}`, 'unreachable'],
    [
      'as a cluster, which it is not',
      (port: number) => `redis-cluster://:of%20this%20spec@127.0.0.1:${port}`,
      'wrong_kind',
    ],
    ['where nothing listens', () => 'redis://127.0.0.1:1', 'unreachable'],
  ])('Redis %s is told in one sentence', async (_, url, code) => {
    const { bus } = aBus(url(server.port));
    await until(() => bus.problem !== undefined, 'the problem is told');
    expect(bus.problem).toMatchObject({ code, sentence: expect.stringMatching(/^[^.]+\.?[^.]*\.$/) });
    expect(bus.state).toBe('interrupted');
    expect(await bus.subscribe(feed, () => undefined)).toBeInstanceOf(Function);
    bus.publish(frame(1));
  });

  test('TLS is used by rediss://, and a certificate that is not trusted is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cloudhop-tls-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        key,
        '-out',
        certificate,
        '-days',
        '1',
        ...subject,
      ],
      { stdio: 'ignore' },
    );
    const tls = {
      'tls-cert-file': certificate,
      'tls-key-file': key,
      'tls-auth-clients': 'no',
      'tls-ca-cert-file': certificate,
    };
    const port = await freePort();
    const secure = await startRedis({ config: { ...tls, 'tls-port': String(port) } });
    const untrusting = aBus(`rediss://127.0.0.1:${port}`);
    await until(() => untrusting.bus.problem?.code === 'certificate', 'the certificate is refused');
    expect(untrusting.bus.state).toBe('interrupted');
    await secure.stop();
    rmSync(folder, { recursive: true });
  });

  test('sentinels name the new primary when the old one has died', async () => {
    const primary = await startRedis();
    const replica = await startRedis({ config: { replicaof: `127.0.0.1 ${primary.port}` } });
    const sentinel = await startSentinel(primary);
    await until(
      async () => (await sentinel.cli('SENTINEL', 'REPLICAS', 'main')).includes(String(replica.port)),
      'the sentinel knows both',
    );
    const url = `redis-sentinel://127.0.0.1:${sentinel.port}/main`;
    const [one, two] = [aBus(url), aBus(url)];
    await connected(one, two);
    const frames = await framesAt(two.bus);
    await arrives(one.bus, frames, 1);
    await primary.kill();
    await arrives(one.bus, frames, 2);
    await connected(one, two);
    expect(await replica.cli('ROLE')).toContain('master');
    await Promise.all([primary, replica, sentinel].map((each) => each.stop()));
  }, 60_000);

  test('channels that nobody wants any more are unsubscribed', async () => {
    const [one] = await twoNodes();
    const before = one.bus.subscriptions;
    const ends = await Promise.all(
      Array.from({ length: 2_500 }, (_, n) => one.bus.subscribe(conversationFeed(`n${n}`), () => undefined)),
    );
    expect(one.bus.subscriptions).toBe(before + 2_500);
    for (const end of ends) end();
    await until(async () => !(await server.cli('PUBSUB', 'CHANNELS')).includes('conversation:n'), 'they are gone');
    expect(one.bus.subscriptions).toBe(before);
  });
});

describe('on a cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => void (cluster = await startRedisCluster(3, { replicas: 1 })), 60_000);
  afterAll(() => cluster.stop());

  const feeds = Array.from({ length: 40 }, (_, n) => conversationFeed(`in-${n}`));
  const twoNodes = async () => {
    const [one, two] = [aBus(cluster.url), aBus(cluster.url)] as const;
    await connected(one, two);
    return [one, two] as const;
  };

  describeNodeBus('the bus on a cluster', async () => {
    const [one, two] = await twoNodes();
    return [one.bus, two.bus];
  });

  test('all goes on when a slot moves and when a primary dies', async () => {
    const [one, two] = await twoNodes();
    const received = new Map<string, PublishedFrame[]>();
    for (const each of feeds) received.set(each, await framesAt(two.bus, each));
    const allArrive = async (rev: number) => {
      for (const each of feeds) await arrives(one.bus, received.get(each)!, rev, each);
    };
    await allArrive(1);
    const channel = (await channelsOf(cluster)).find((name) => name.endsWith(':conversation:in-0'))!;
    const slot = Number(await cluster.primaries[0]!.cli('CLUSTER', 'KEYSLOT', channel));
    const from = (await cluster.ownerOf(slot))!;
    const to = cluster.primaries.find((server) => server !== from)!;
    await cluster.moveSlot(slot, from, to);
    await allArrive(2);
    await connected(one, two);
    const gaps = two.gaps();
    await to.kill();
    await allArrive(3);
    await connected(one, two);
    await until(() => two.gaps() > gaps, 'the gap is told');
  }, 90_000);
});

async function channelsOf({ primaries }: RedisCluster): Promise<string[]> {
  const lists = await Promise.all(primaries.map((server) => server.cli('PUBSUB', 'SHARDCHANNELS')));
  return lists.flatMap((list) => list.split('\n'));
}

/** A client that reads the next message of a channel and can publish any bytes. */
async function spyOn(server: RedisServer, channel: string) {
  const [reader, writer] = [
    createRedisClient(parseRedisUrl(server.url), 'spy'),
    createRedisClient(parseRedisUrl(server.url), 'spy'),
  ];
  if (!(reader instanceof Redis) || !(writer instanceof Redis)) throw new Error('no single server');
  await Promise.all([reader.connect(), writer.connect()]);
  const message = new Promise<Buffer>((resolve) =>
    reader.once('messageBuffer', (_: Buffer, bytes: Buffer) => resolve(bytes)),
  );
  await reader.subscribe(channel);
  return {
    message,
    publish: (to: string, bytes: Buffer) => writer.publish(to, bytes),
    close: () => [reader, writer].forEach((client) => client.disconnect()),
  };
}
