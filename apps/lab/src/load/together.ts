import { setTimeout as wait } from 'node:timers/promises';
import type { FactPayload } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Guest, inTurn, makeGuests } from './guests';
import { type Phase, measured, perUnit, untilQuiet } from './phase';
import { cell, table } from './report';
import { type ServerKind, serverNames, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface TogetherOptions {
  /** Number of users that reconnect at once, and of friends of each. */
  people: number;
  friends: number;
  /** Number of users that type in one conversation. */
  typers: number;
  /** Number of users that read one room. */
  readers: number;
  seconds: number;
}

const reconnectMs = 10_000;
const typingEveryMs = 3_000;
const messagesPerSecond = 10;

/** Measures presence after a mass reconnect, typing of a crowd, and read marks of a room. */
export async function together(options: TogetherOptions): Promise<string[]> {
  return [...(await returning(options)), ...(await typing(options)), ...(await reading(options))];
}

async function returning({ people, friends }: TogetherOptions): Promise<string[]> {
  const server = await startServer('cloudhop');
  const guests = await makeGuests(server, people);
  await befriendNeighbours(guests, friends);
  const online = guests.map(() => new Set<string>());
  let frames = 0;
  let wrong = people;
  let rightAt = 0;
  const came = (n: number, text: string) => {
    frames++;
    const [, { friends: told }] = JSON.parse(text) as [string, FactPayload<'status:changed'>];
    const known = online[n]!;
    const wasRight = known.size === friends;
    for (const { userId, status } of told)
      if (status === 'offline') known.delete(userId);
      else known.add(userId);
    if (known.size === friends && !wasRight) wrong--;
    if (known.size < friends && wasRight) wrong++;
    rightAt = performance.now();
  };
  const clients: WireClient[] = [];
  let lastAt = 0;
  const phase = await measured(server, async () => {
    const began = performance.now();
    await Promise.all(
      guests.map(async ({ token }, n) => {
        await wait((n * reconnectMs) / people);
        const onEvent = onFact('status:changed', (text) => came(n, text));
        const client = await WireClient.open(server.url, 'cloudhop', { token, onEvent });
        clients.push(client);
        lastAt = performance.now();
      }),
    );
    while (wrong > 0 && performance.now() - began < 4 * reconnectMs) await wait(20);
  });
  for (const client of clients) client.close();
  await server.stop();
  return [
    `${people} people with ${friends} friends each connect within ${reconnectMs / 1_000} s:`,
    '',
    ...table(
      [
        '',
        'facts in all',
        'facts per person',
        'server CPU ms per person',
        'of it PostgreSQL',
        'pictures wrong',
        'all right after the last came, ms',
      ],
      [
        [
          'Cloudhop',
          cell(frames),
          cell(frames / people),
          cell((phase.serverMs + phase.postgresMs) / people),
          cell(phase.postgresMs / people),
          String(wrong),
          cell(rightAt - lastAt),
        ],
        ['one fact for each friend who comes', cell((people * friends) / 2), cell(friends / 2), '–', '–', '–', '–'],
      ],
    ),
    '',
  ];
}

interface TypingPhase extends Phase {
  kind: ServerKind;
  facts: number;
}

async function typing({ typers, seconds }: TogetherOptions): Promise<string[]> {
  const found: TypingPhase[] = [];
  for (const kind of ['cloudhop', 'socket.io'] as const) found.push(await typeAlong(kind, typers, seconds));
  return [
    `${typers} people in one conversation, all of whom type for ${seconds} s and are seen by all (each says so every ${typingEveryMs / 1_000} s):`,
    '',
    ...table(
      ['server', 'facts/s to all', 'facts/s to one', 'server CPU µs per fact', 'server CPU, share of a core'],
      found.map((phase) => [
        serverNames[phase.kind],
        cell(phase.facts / phase.seconds),
        cell(phase.facts / phase.seconds / typers),
        cell(perUnit(phase.serverMs + phase.postgresMs, phase.facts)),
        `${cell((phase.serverMs + phase.postgresMs) / phase.seconds / 10)} %`,
      ]),
    ),
    '',
  ];
}

async function typeAlong(kind: ServerKind, typers: number, seconds: number): Promise<TypingPhase> {
  const server = await startServer(kind);
  const guests = kind === 'cloudhop' ? await makeGuests(server, typers) : [];
  const conversationId = kind === 'cloudhop' ? await lobbyId() : '';
  let facts = 0;
  const count = onFact(kind === 'cloudhop' ? 'typing:changed' : 'conversation:changed', () => facts++);
  const clients = await inTurn(typers, async (n) => {
    const token = guests[n]?.token;
    const client = await WireClient.open(server.url, kind, token === undefined ? {} : { token });
    client.onEvent = count;
    return client;
  });
  const payload = JSON.stringify({ conversationId, on: true });
  const event = kind === 'cloudhop' ? 'typing:set' : 'message:send';
  const timers = clients.map((client, n) =>
    setTimeout(
      () => {
        client.emit(event, payload);
        timers[n] = setInterval(() => client.emit(event, payload), typingEveryMs);
      },
      (n * typingEveryMs) / typers,
    ),
  );
  await wait(typingEveryMs);
  facts = 0;
  const phase = await measured(server, () => wait(seconds * 1_000));
  const result = { ...phase, kind, facts };
  for (const timer of timers) clearInterval(timer);
  for (const client of clients) client.close();
  await server.stop();
  return result;
}

async function reading({ readers, seconds }: TogetherOptions): Promise<string[]> {
  const server = await startServer('cloudhop');
  const guests = await makeGuests(server, readers);
  const conversationId = await aRoomOf(guests);
  const clients = await inTurn(readers, (n) => WireClient.open(server.url, 'cloudhop', { token: guests[n]!.token }));
  let sent = 0;
  let marks = 0;
  for (const client of clients) {
    let mayTellAt = 0;
    // As the SDK does: what was read, at most once a second.
    client.onEvent = onFact('conversation:changed', () => {
      if (performance.now() < mayTellAt) return;
      mayTellAt = performance.now() + 1_000;
      marks++;
      client.emit('conversation:read', JSON.stringify({ conversationId, seq: sent }));
    });
  }
  await wait(500);
  marks = 0;
  const before = await writes();
  const phase = await measured(server, async () => {
    const every = setInterval(() => {
      sent++;
      clients[0]!.emit('message:send', JSON.stringify({ conversationId, id: uuidv7(), body: `message ${sent}` }));
    }, 1_000 / messagesPerSecond);
    await wait(seconds * 1_000);
    clearInterval(every);
    await untilQuiet(() => marks, 3_000);
  });
  const after = await writes();
  for (const client of clients) client.close();
  await server.stop();
  return [
    `${readers} readers of a room in which ${messagesPerSecond} messages a second are said, each of whom tells what was read at most once a second:`,
    '',
    ...table(
      ['marks/s told', 'transactions/s', 'rows of marks written/s', 'server CPU µs per mark', 'of it PostgreSQL'],
      [
        [
          cell(marks / phase.seconds),
          cell((after.transactions - before.transactions) / phase.seconds),
          cell((after.rows - before.rows) / phase.seconds),
          cell(perUnit(phase.serverMs + phase.postgresMs, marks)),
          cell(perUnit(phase.postgresMs, marks)),
        ],
      ],
    ),
    '',
  ];
}

/** Calls back with the text of each fact of that name, from its payload's array on. */
function onFact(name: string, listener: (text: string) => void): (bytes: Buffer, from: number, to: number) => void {
  const marker = Buffer.from(`["${name}"`);
  return (bytes, from, to) => {
    const frame = bytes.subarray(from, to);
    if (frame.indexOf(marker) === 2) listener(frame.toString('utf8', 2));
  };
}

/** Everybody's friends are those beside them, half on each side of a ring. */
async function befriendNeighbours(guests: readonly Guest[], friends: number): Promise<void> {
  const pairs = guests.flatMap(({ userId }, n) =>
    Array.from({ length: friends / 2 }, (_, k) => [userId, guests[(n + k + 1) % guests.length]!.userId] as const),
  );
  await withDatabase((client) =>
    client.query(
      `insert into friendships (user_id, other_id, state, at, feed_rev)
       select a, b, 'friend', now(), 0 from unnest($1::uuid[], $2::uuid[]) as p(a, b)
       union all select b, a, 'friend', now(), 0 from unnest($1::uuid[], $2::uuid[]) as p(a, b)`,
      [pairs.map(([one]) => one), pairs.map(([, two]) => two)],
    ),
  );
}

async function lobbyId(): Promise<string> {
  const { rows } = await withDatabase((client) =>
    client.query<{ id: string }>(`select id from conversations where kind = 'lobby'`),
  );
  return rows[0]!.id;
}

/** Written before anyone connects, as sockets follow it from then on. */
async function aRoomOf(guests: readonly Guest[]): Promise<string> {
  const id = uuidv7();
  await withDatabase(async (client) => {
    await client.query(`insert into conversations (id, kind, member_count) values ($1, 'room', $2)`, [
      id,
      guests.length,
    ]);
    await client.query('insert into conversation_heads (conversation_id) values ($1)', [id]);
    await client.query(
      `insert into memberships (conversation_id, user_id, state) select $1, u, 'joined' from unnest($2::uuid[]) u`,
      [id, guests.map(({ userId }) => userId)],
    );
  });
  return id;
}

/** Returns the counters of the database. They lag by some moments. */
async function writes(): Promise<{ transactions: number; rows: number }> {
  await wait(1_500);
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ transactions: string; rows: string }>(
      `select (select xact_commit from pg_stat_database where datname = current_database()) as transactions,
         (select n_tup_upd from pg_stat_user_tables where relname = 'memberships') as rows`,
    );
    return { transactions: Number(rows[0]!.transactions), rows: Number(rows[0]!.rows) };
  });
}
