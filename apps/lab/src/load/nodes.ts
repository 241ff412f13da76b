import { setTimeout as wait } from 'node:timers/promises';
import { type RedisServer, startRedis } from '@cloudhop/api/platform/testing/redis';
import { v7 as uuidv7 } from 'uuid';
import { Crowd } from './crowd';
import { type Guest, inTurn, makeGuests } from './guests';
import { Latencies } from './latencies';
import { busyShare, measured, perUnit } from './phase';
import { cpuOf, generatorCore, pin } from './processes';
import { cell, table, verdict } from './report';
import { pinPostgres, type ServerKind, type ServerUnderTest, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface NodesOptions {
  seconds: number;
  /** Clients that reconnect when their node is killed. */
  clients: number;
}

type Kind = Exclude<ServerKind, 'ws'>;

const kinds: readonly Kind[] = ['cloudhop', 'socket.io'];
const names: Record<Kind, string> = {
  cloudhop: 'Cloudhop, durable',
  'socket.io': 'bare Socket.IO with its Redis adapter',
};

/** Messages a second and members of the room whose cost is measured. */
const flat = { members: 300, rate: 100 };
const crossing = { members: 40, rate: 50 };
const followed = { users: 100, rooms: 100 };
/** Redis is killed in the middle of talk. */
const outage = { members: 50, rate: 100, beforeMs: 3_000, downMs: 3_000, afterMs: 6_000 };

/** Several nodes that act as one, beside bare Socket.IO servers with the stock Redis adapter. */
export async function nodes(options: NodesOptions): Promise<string[]> {
  return [
    ...(await costOfNodes(options)),
    ...(await costOfCrossing(options)),
    ...(await trafficOfBus(options)),
    ...(await deathOfNode(options)),
    ...(await deathOfRedis()),
  ];
}

/** Starts Redis on the generator's core, and servers that use it on the server core. */
async function withNodes<T>(
  kind: Kind,
  count: number,
  work: (servers: ServerUnderTest[], redis: RedisServer) => Promise<T>,
): Promise<T> {
  const redis = await startRedis();
  pin([redis.pid], generatorCore);
  const servers: ServerUnderTest[] = [];
  try {
    for (let n = 0; n < count; n++) servers.push(await startServer(kind, undefined, { REDIS_URL: redis.url }));
    if (kind === 'cloudhop') await pinPostgres(generatorCore);
    return await work(servers, redis);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await redis.stop();
  }
}

async function costOfNodes({ seconds }: NodesOptions): Promise<string[]> {
  const rows: string[][] = [];
  for (const kind of kinds)
    for (const count of [1, 2, 3])
      await withNodes(kind, count, async (servers, redis) => {
        const crowd = await Crowd.spread(servers, kind, flat.members);
        await crowd.run(flat.rate, seconds / 2);
        const redisBefore = cpuOf(redis.pid);
        const phase = await crowd.run(flat.rate, seconds);
        const redisMs = cpuOf(redis.pid) - redisBefore;
        crowd.close();
        rows.push([
          names[kind],
          String(count),
          cell(phase.deliveries / phase.seconds),
          cell(phase.deliveries / (phase.serverMs / 1_000)),
          cell(perUnit(phase.serverMs, phase.deliveries)),
          cell(perUnit(redisMs, phase.deliveries)),
          cell(perUnit(phase.postgresMs, phase.deliveries)),
          cell(phase.p50Ms),
          cell(phase.p99Ms),
          `${Math.round(busyShare({ ...phase, postgresMs: 0 }) * 100)} %`,
        ]);
      });
  return [
    `A room of ${flat.members} people, spread evenly, in which ${flat.rate} messages a second are said. The nodes share one core; client, Redis and PostgreSQL have the other:`,
    '',
    ...table(
      [
        'server',
        'nodes',
        'deliveries/s',
        'deliveries per CPU second',
        'server CPU µs per delivery',
        'Redis µs per delivery',
        'PostgreSQL µs per delivery',
        'p50 ms',
        'p99 ms',
        'server core busy',
      ],
      rows,
    ),
    '',
  ];
}

async function costOfCrossing({ seconds }: NodesOptions): Promise<string[]> {
  return withNodes('cloudhop', 2, async (servers) => {
    const crowd = await Crowd.spread(servers, 'cloudhop', crossing.members);
    await crowd.run(crossing.rate, seconds / 2, 1);
    const { byServer } = await crowd.run(crossing.rate, Math.max(10, seconds), 1);
    crowd.close();
    const [same, other] = byServer as [Latencies, Latencies];
    const added = (share: number) => other.percentile(share) - same.percentile(share);
    return [
      `One person says ${crossing.rate} messages a second in a room of ${crossing.members} on two nodes:`,
      '',
      ...table(
        ['', 'p50 ms', 'p99 ms'],
        [
          ['to people of the same node', cell(same.percentile(0.5)), cell(same.percentile(0.99))],
          ['to people of the other node', cell(other.percentile(0.5)), cell(other.percentile(0.99))],
        ],
      ),
      '',
      ...table(
        ['aim', 'measured', ''],
        [
          verdict('crossing adds at most 3 ms at p50', added(0.5) <= 3, `${cell(added(0.5))} ms`),
          verdict('crossing adds at most 15 ms at p99', added(0.99) <= 15, `${cell(added(0.99))} ms`),
        ],
      ),
      '',
    ];
  });
}

async function trafficOfBus({ seconds }: NodesOptions): Promise<string[]> {
  return withNodes('cloudhop', 2, async (servers, redis) => {
    const guests = await makeGuests(servers[0]!, followed.users);
    const rooms = await roomsOfEach(guests, followed.rooms);
    const clients = await inTurn(guests.length, (n) =>
      WireClient.open(servers[n % servers.length]!.url, 'cloudhop', { token: guests[n]!.token }),
    );
    await wait(2_000);
    const subscriptions = [...(await redis.cli('CLIENT', 'LIST', 'TYPE', 'pubsub')).matchAll(/ sub=(\d+)/g)].map(
      ([, count]) => Number(count),
    );
    const idle = await traffic(redis, () => wait(seconds * 1_000));
    const busy = await traffic(redis, async () => {
      for (let sent = 0; sent < 100 * seconds; sent++) {
        const n = sent % clients.length;
        const conversationId = rooms[n]![sent % followed.rooms]!;
        clients[n]!.emit('message:send', JSON.stringify({ conversationId, id: uuidv7(), body: 'ordinary, 大家好' }));
        await wait(10);
      }
    });
    for (const client of clients) client.close();
    const line = (name: string, { messages, kib }: { messages: number; kib: number }) => [
      name,
      subscriptions.map((count) => count.toLocaleString('en')).join(', '),
      cell(messages / seconds / servers.length),
      cell(kib / seconds / servers.length),
    ];
    return [
      `${(followed.users * followed.rooms).toLocaleString('en')} conversations are followed on two nodes, by ${followed.users} people with ${followed.rooms} each:`,
      '',
      ...table(
        ['', 'subscriptions of each node', 'messages/s of a node to the bus', 'KiB/s of a node to the bus'],
        [line('nothing is said', idle), line('100 messages a second', busy)],
      ),
      '',
    ];
  });
}

/** Returns what Redis received while `work` ran. */
async function traffic(redis: RedisServer, work: () => Promise<void>): Promise<{ messages: number; kib: number }> {
  const read = async () => {
    const info = await redis.cli('INFO', 'stats', 'commandstats');
    const field = (pattern: RegExp) => Number(pattern.exec(info)?.[1] ?? 0);
    return { messages: field(/cmdstat_publish:calls=(\d+)/), bytes: field(/total_net_input_bytes:(\d+)/) };
  };
  const before = await read();
  await work();
  const after = await read();
  return { messages: after.messages - before.messages, kib: (after.bytes - before.bytes) / 1_024 };
}

async function deathOfNode({ clients: count }: NodesOptions): Promise<string[]> {
  return withNodes('cloudhop', 2, async (servers) => {
    const [dying, survivor] = servers as [ServerUnderTest, ServerUnderTest];
    const guests = await makeGuests(dying, count);
    const clients = await inTurn(count, (n) => WireClient.open(dying.url, 'cloudhop', { token: guests[n]!.token }));
    await wait(1_000);
    const times = new Latencies();
    const statements = await statementsNow();
    const died = performance.now();
    dying.kill();
    const phase = await measured(survivor, async () => {
      for (const client of clients) client.close();
      await Promise.all(
        guests.map((guest) => comeBack(survivor, guest).then(() => times.add(performance.now() - died))),
      );
    });
    const queries = (await statementsNow()) - statements;
    return [
      `${count.toLocaleString('en')} clients of a node that is killed with -9 connect to the other one, with the SDK’s jitter, and sync:`,
      '',
      ...table(
        [
          'half in sync after, s',
          'all in sync after, s',
          'server CPU ms per client',
          'of it PostgreSQL',
          'transactions per client',
          'connections to PostgreSQL, at most',
        ],
        [
          [
            cell(times.percentile(0.5) / 1_000),
            cell(times.percentile(1) / 1_000),
            cell((phase.serverMs + phase.postgresMs) / count),
            cell(phase.postgresMs / count),
            cell(queries / count),
            '16',
          ],
        ],
      ),
      '',
    ];
  });
}

/** Connects as the SDK does, with full jitter, and resolves when the answer of a first sync has come. */
async function comeBack(server: ServerUnderTest, { token }: Guest): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await wait(Math.random() * Math.min(30_000, 500 * 2 ** attempt));
    try {
      const client = await WireClient.open(server.url, 'cloudhop', { token });
      await new Promise<void>((resolve) => {
        client.onAcknowledgement = () => resolve();
        client.emit('feed:sync', JSON.stringify({ conversations: [] }));
      });
      client.close();
      return;
    } catch {
      // Refused for now: later again.
    }
  }
}

async function deathOfRedis(): Promise<string[]> {
  const rows: string[][] = [];
  for (const kind of kinds)
    await withNodes(kind, 2, async (servers, redis) => {
      const crowd = await Crowd.spread(servers, kind, outage.members);
      const during = async () => {
        await wait(outage.beforeMs);
        await redis.kill();
        await wait(outage.downMs);
        await redis.restart();
      };
      const seconds = (outage.beforeMs + outage.downMs + outage.afterMs) / 1_000;
      const [phase] = await Promise.all([crowd.run(outage.rate, seconds), during()]);
      const wanted = phase.sent * outage.members;
      const delivered = crowd.deliveries;
      const alive = servers.filter((server) => server.isAlive()).length;
      crowd.close();
      rows.push([
        names[kind],
        cell(wanted),
        cell(wanted - delivered),
        `${alive} of ${servers.length}`,
        cell(phase.p50Ms),
        cell(phase.p99Ms),
      ]);
    });
  return [
    `Redis is killed for ${outage.downMs / 1_000} s while ${outage.rate} messages a second are said in a room of ${outage.members} on two nodes:`,
    '',
    ...table(['server', 'deliveries wanted', 'never came', 'nodes that live', 'p50 ms', 'p99 ms'], rows),
    '',
  ];
}

/** Makes rooms in which each guest is alone. Returns their ids, by guest. */
async function roomsOfEach(guests: readonly Guest[], rooms: number): Promise<string[][]> {
  const made = guests.map(() => Array.from({ length: rooms }, () => uuidv7()));
  await withDatabase(async (client) => {
    const ids = made.flat();
    const users = guests.flatMap(({ userId }) => Array.from({ length: rooms }, () => userId));
    await client.query(
      `with made as (
         insert into conversations (id, kind, member_count) select id, 'room', 1 from unnest($1::uuid[]) id returning id
       ), heads as (
         insert into conversation_heads (conversation_id) select id from made
       )
       insert into memberships (conversation_id, user_id, state)
       select id, user_id, 'joined' from unnest($1::uuid[], $2::uuid[]) as m(id, user_id)`,
      [ids, users],
    );
    await client.query('analyze memberships');
  });
  return made;
}

/** Returns the transactions of the database so far. The counter lags by some moments. */
async function statementsNow(): Promise<number> {
  await wait(1_500);
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ n: string }>(
      'select xact_commit as n from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]!.n);
  });
}
