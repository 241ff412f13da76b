import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { type Guest, inTurn, makeGuests } from './guests';
import { Latencies } from './latencies';
import { type Phase, busyShare, measured, perUnit } from './phase';
import { cell, table, verdict } from './report';
import { type ServerKind, serverNames, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface PairsOptions {
  pairs: number;
  seconds: number;
  profileFolder?: string | undefined;
}

interface PairsPhase extends Phase {
  kind: ServerKind;
  messages: number;
  p50Ms: number;
  p99Ms: number;
}

/** CPU of API and PostgreSQL that one durable message between two people may cost. */
const aimUs = 110;

/** People who answer as soon as the other's message is there: as many messages as the server bears. */
export async function pairs(options: PairsOptions): Promise<string[]> {
  const found: PairsPhase[] = [];
  for (const kind of ['cloudhop', 'socket.io', 'ws'] as const) found.push(await converse(kind, options));
  const ours = perUnit(found[0]!.serverMs + found[0]!.postgresMs, found[0]!.messages);
  return [
    `${options.pairs} pairs, ${options.seconds} s; each of the ${options.pairs * 2} sends the next message when the other's has come:`,
    '',
    ...table(
      [
        'server',
        'messages/s',
        'server CPU µs per message',
        'of it server process',
        'of it PostgreSQL',
        'p50 ms',
        'p99 ms',
        'server core busy',
        'generator µs per message',
      ],
      found.map((phase) => [
        serverNames[phase.kind],
        cell(phase.messages / phase.seconds),
        cell(perUnit(phase.serverMs + phase.postgresMs, phase.messages)),
        cell(perUnit(phase.serverMs, phase.messages)),
        cell(perUnit(phase.postgresMs, phase.messages)),
        cell(phase.p50Ms),
        cell(phase.p99Ms),
        `${Math.round(busyShare(phase) * 100)} %`,
        cell(perUnit(phase.generatorMs, phase.messages)),
      ]),
    ),
    '',
    ...table(
      ['aim', 'measured', ''],
      [verdict(`at most ${aimUs} µs per durable message`, ours <= aimUs, `${cell(ours)} µs`)],
    ),
    '',
  ];
}

async function converse(kind: ServerKind, { pairs, seconds, profileFolder }: PairsOptions): Promise<PairsPhase> {
  const server = await startServer(kind, kind === 'cloudhop' ? profileFolder : undefined);
  const guests = kind === 'cloudhop' ? await makeGuests(server, pairs * 2) : [];
  const conversations = kind === 'cloudhop' ? await pairUp(guests) : [];
  const clients = await inTurn(pairs * 2, (n) => {
    const token = guests[n]?.token;
    const query = kind === 'cloudhop' ? '' : `pair=${Math.floor(n / 2)}`;
    return WireClient.open(server.url, kind, { query, ...(token !== undefined && { token }) });
  });
  let messages = 0;
  let isOver = false;
  const latencies = new Latencies();
  const send = (n: number) => {
    const body = `${side(n)}@${performance.now().toFixed(2)} a message of ordinary length, 大家好`;
    const conversationId = conversations[Math.floor(n / 2)] ?? 'pair';
    clients[n]!.emit('message:send', JSON.stringify({ conversationId, id: uuidv7(), body }));
  };
  for (const [n, client] of clients.entries()) {
    const marker = Buffer.from(`"body":"${side(n + 1)}@`);
    client.onEvent = (bytes, from, to) => {
      const frame = bytes.subarray(from, to);
      for (let at = frame.indexOf(marker); at !== -1; at = frame.indexOf(marker, at + marker.length)) {
        messages++;
        const start = at + marker.length;
        latencies.add(performance.now() - Number.parseFloat(frame.toString('latin1', start, start + 16)));
        if (!isOver) send(n);
      }
    };
  }
  for (const n of clients.keys()) send(n);
  await wait(1_000);
  messages = 0;
  latencies.clear();
  const phase = await measured(server, () => wait(seconds * 1_000));
  const result = {
    ...phase,
    kind,
    messages,
    p50Ms: latencies.percentile(0.5),
    p99Ms: latencies.percentile(0.99),
  };
  isOver = true;
  await wait(200);
  for (const client of clients) client.close();
  await server.stop();
  return result;
}

/** Which of its pair a client is: it hears its own messages too, and answers the other's. */
function side(n: number): string {
  return n % 2 === 0 ? 'a' : 'b';
}

/** Direct conversations of guests 0 and 1, 2 and 3, …; written before anyone connects, as sockets follow them from then on. */
async function pairUp(guests: readonly Guest[]): Promise<string[]> {
  const ids = Array.from({ length: guests.length / 2 }, () => uuidv7());
  await withDatabase(async (client) => {
    const [one, two] = [0, 1].map((side) => guests.flatMap(({ userId }, n) => (n % 2 === side ? [userId] : [])));
    await client.query(
      `insert into conversations (id, kind, direct_low, direct_high, member_count)
       select id, 'direct', least(a, b), greatest(a, b), 2 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as c(id, a, b)`,
      [ids, one, two],
    );
    await client.query(
      `insert into friendships (user_id, other_id, state, at, feed_rev)
       select a, b, 'friend', now(), 0 from unnest($1::uuid[], $2::uuid[]) as p(a, b)
       union all select b, a, 'friend', now(), 0 from unnest($1::uuid[], $2::uuid[]) as p(a, b)`,
      [one, two],
    );
    await client.query(`insert into conversation_heads (conversation_id) select unnest($1::uuid[])`, [ids]);
    await client.query(
      `insert into memberships (conversation_id, user_id, state)
       select c, u, 'joined' from unnest($1::uuid[], $2::uuid[]) as m(c, u)`,
      [guests.map((_, n) => ids[Math.floor(n / 2)]), guests.map(({ userId }) => userId)],
    );
  });
  return ids;
}
