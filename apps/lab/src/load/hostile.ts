import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { type Guest, inTurn, makeGuests } from './guests';
import { Latencies } from './latencies';
import { cell, table } from './report';
import { type ServerUnderTest, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface HostileOptions {
  others: number;
  conversations: number;
  /** Messages of each conversation, and their length. */
  messages: number;
  bytes: number;
  seconds: number;
  /** The main.js of an earlier build, to be measured too. */
  before: string | undefined;
}

interface Outcome {
  build: string;
  attack: string;
  sends: Latencies;
  reads: Latencies;
  unanswered: number;
  peakKib: number;
  hasEnded: boolean;
}

/** Differs from the others' address, so that limits by address count the attacker apart. */
const attackerAddress = '127.0.0.2';
const attackerSockets = 10;
/** Just below the pace at which events are refused. */
const syncsPerSecond = 45;
const opened = Buffer.from('"ok":true');

/** Measures what others notice while one guest attacks, with the default limits. */
export async function hostile(options: HostileOptions): Promise<string[]> {
  const outcomes: Outcome[] = [];
  const builds = [
    ...(options.before === undefined ? [] : [['before', options.before] as const]),
    ['now', undefined] as const,
  ];
  for (const attack of ['nothing', 'syncs', 'packets'] as const)
    for (const [build, program] of builds) outcomes.push(await measure(build, program, attack, options));
  return report(options, outcomes);
}

async function measure(
  build: string,
  program: string | undefined,
  attack: 'nothing' | 'syncs' | 'packets',
  { others, conversations, messages, bytes, seconds }: HostileOptions,
): Promise<Outcome> {
  const server = await startServer('cloudhop', undefined, {}, { program, limits: {} });
  const [attacker, ...guests] = (await makeGuests(server, others + 1)) as [Guest, ...Guest[]];
  const outcome: Outcome = {
    build,
    attack,
    sends: new Latencies(),
    reads: new Latencies(),
    unanswered: 0,
    peakKib: 0,
    hasEnded: false,
  };
  const rooms = await makeRooms(attacker, conversations, messages, bytes);
  const lobbyId = await lobby();
  const people = await inTurn(others, (n) => Person.enter(server, guests[n]!, lobbyId, outcome));
  const end = performance.now() + seconds * 1_000;
  const isOver = () => performance.now() >= end;
  const work = [...people.map((person) => person.talk(isOver)), watch(server, outcome, isOver)];
  if (attack === 'syncs')
    work.push(...Array.from({ length: attackerSockets }, () => floodSyncs(server, attacker, rooms, isOver)));
  if (attack === 'packets')
    work.push(...Array.from({ length: attackerSockets }, () => floodPackets(server, attacker, isOver)));
  await Promise.all(work);
  for (const person of people) person.leave();
  await server.stop();
  return outcome;
}

/** Client that sends a message and opens the lobby once a second each. */
class Person {
  readonly #waiting: { at: number; into: Latencies }[] = [];

  private constructor(
    private readonly client: WireClient,
    private readonly lobbyId: string,
    private readonly outcome: Outcome,
  ) {
    // A send and an open take turns, and the next begins when the one before is answered: answers come in order.
    client.onAcknowledgement = (bytes, from, to) => {
      const asked = this.#waiting.shift();
      if (asked && bytes.subarray(from, to).includes(opened)) asked.into.add(performance.now() - asked.at);
      else this.outcome.unanswered++;
    };
  }

  static async enter({ url }: ServerUnderTest, { token }: Guest, lobbyId: string, outcome: Outcome): Promise<Person> {
    return new Person(await WireClient.open(url, 'cloudhop', { token }), lobbyId, outcome);
  }

  async talk(isOver: () => boolean): Promise<void> {
    await wait(Math.random() * 500);
    for (let n = 0; !isOver(); n++) {
      if (this.#waiting.length === 0) this.#ask(n);
      await wait(500);
    }
    // What is not answered by now took at least so long.
    await wait(1_000);
    this.outcome.unanswered += this.#waiting.length;
    for (const { at, into } of this.#waiting.splice(0)) into.add(performance.now() - at);
  }

  #ask(n: number): void {
    const { lobbyId: conversationId } = this;
    const isSend = n % 2 === 0;
    this.#waiting.push({ at: performance.now(), into: isSend ? this.outcome.sends : this.outcome.reads });
    if (isSend)
      this.client.emit('message:send', JSON.stringify({ conversationId, id: uuidv7(), body: 'hello, 大家好' }));
    else this.client.emit('conversation:open', JSON.stringify({ conversationId }));
  }

  leave(): void {
    this.client.close();
  }
}

/** Syncs all conversations at the full pace, and reconnects whenever the server closes. */
async function floodSyncs(server: ServerUnderTest, guest: Guest, rooms: readonly string[], isOver: () => boolean) {
  const conversations = rooms.map((conversationId) => ({ conversationId, rev: 0 }));
  const payload = JSON.stringify({ conversations });
  await whileOpen(server, guest, isOver, async (client) => {
    client.emit('feed:sync', payload);
    await wait(1_000 / syncsPerSecond);
  });
}

/**
 * Sends acknowledgements of nothing as fast as the connection takes them, and reconnects whenever the server closes.
 */
async function floodPackets(server: ServerUnderTest, guest: Guest, isOver: () => boolean) {
  await whileOpen(server, guest, isOver, (client) => client.flood('439[]', 10_000));
}

async function whileOpen(
  { url }: ServerUnderTest,
  { token }: Guest,
  isOver: () => boolean,
  deed: (client: WireClient) => Promise<void>,
): Promise<void> {
  while (!isOver()) {
    const client = await WireClient.open(url, 'cloudhop', { token, localAddress: attackerAddress }).catch(
      () => undefined,
    );
    while (client?.isOpen && !isOver()) await deed(client);
    client?.close();
    await wait(100);
  }
}

/** Records the largest memory of the server, and whether it ended. */
async function watch(server: ServerUnderTest, outcome: Outcome, isOver: () => boolean): Promise<void> {
  for (; !isOver() && !outcome.hasEnded; await wait(100)) {
    try {
      outcome.peakKib = Math.max(outcome.peakKib, server.rssKib());
    } catch {
      outcome.hasEnded = true;
    }
  }
}

async function makeRooms({ userId }: Guest, count: number, messages: number, bytes: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await withDatabase(async (client) => {
    await client.query(`insert into conversations (id, kind, title) select unnest($1::uuid[]), 'room', 'big'`, [ids]);
    await client.query(
      `insert into conversation_heads (conversation_id, seq, rev, last_at) select unnest($1::uuid[]), $2, $2, now()`,
      [ids, messages],
    );
    await client.query(
      `insert into memberships (conversation_id, user_id, state) select unnest($1::uuid[]), $2, 'joined'`,
      [ids, userId],
    );
    await client.query(
      `insert into messages (conversation_id, seq, id, author_id, rev, body, created_at)
       select id, n, gen_random_uuid(), $2, n, repeat('words ', $4::int / 6), now()
       from unnest($1::uuid[]) id cross join generate_series(1, $3::int) n`,
      [ids, userId, messages, bytes],
    );
    await client.query('vacuum analyze messages');
  });
  return ids;
}

async function lobby(): Promise<string> {
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(`select id from conversations where kind = 'lobby'`);
    return rows[0]!.id;
  });
}

const attacks: Readonly<Record<string, string>> = {
  nothing: 'nothing',
  syncs: 'all conversations in each `feed:sync`',
  packets: 'acknowledgements of nothing',
};

function report({ others, conversations, messages, bytes, seconds }: HostileOptions, outcomes: Outcome[]): string[] {
  return [
    `${others} people each say something and open the lobby once a second, while one guest does its worst over ${attackerSockets} sockets for ${seconds} s. It is in ${conversations} conversations of ${messages} messages of ${bytes.toLocaleString('en')} bytes:`,
    '',
    ...table(
      [
        'the guest does',
        'build',
        "others' sends p50 ms",
        'p99 ms',
        "others' opens p50 ms",
        'p99 ms',
        'unanswered',
        'server MiB at most',
      ],
      outcomes.map(({ attack, build, sends, reads, unanswered, peakKib, hasEnded }) => [
        attacks[attack]!,
        build,
        cell(sends.percentile(0.5)),
        cell(sends.percentile(0.99)),
        cell(reads.percentile(0.5)),
        cell(reads.percentile(0.99)),
        String(unanswered),
        hasEnded ? 'ended' : cell(peakKib / 1_024),
      ]),
    ),
    '',
  ];
}
