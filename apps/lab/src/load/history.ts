import { v7 as uuidv7 } from 'uuid';
import { type Guest, makeGuests } from './guests';
import { Latencies } from './latencies';
import { cell, table, verdict } from './report';
import { startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface HistoryOptions {
  /** Number of messages at each measurement, ascending. */
  sizes: readonly number[];
  requests: number;
}

interface PageTimes {
  size: number;
  what: string;
  p50Ms: number;
  p99Ms: number;
}

const aims = { p50Ms: 2, p99Ms: 8 };
const answered = Buffer.from('"ok":true');

/** Pages of a long conversation, asked for one after the other by one person. */
export async function history({ sizes, requests }: HistoryOptions): Promise<string[]> {
  const server = await startServer('cloudhop');
  const guests = await makeGuests(server, 50);
  const conversationId = await makeConversation(guests);
  const asker = await WireClient.open(server.url, 'cloudhop', { token: guests[0]!.token });
  const ask = (event: string, payload: object) =>
    new Promise<void>((resolve, reject) => {
      asker.onAcknowledgement = (bytes, from, to) => {
        if (bytes.subarray(from, to).includes(answered)) resolve();
        else reject(new Error(bytes.toString('utf8', from, to)));
      };
      asker.emit(event, JSON.stringify(payload));
    });
  const found: PageTimes[] = [];
  let filled = 0;
  for (const size of sizes) {
    await fill(conversationId, guests, filled + 1, size);
    filled = size;
    const latest = () => ask('conversation:open', { conversationId });
    const around = () =>
      ask('conversation:history', { conversationId, around: 1 + Math.floor(Math.random() * size), limit: 50 });
    found.push({ size, what: 'latest 50', ...(await time(latest, requests)) });
    found.push({ size, what: '50 around a place', ...(await time(around, requests)) });
  }
  asker.close();
  await server.stop();
  const worst = (pick: (times: PageTimes) => number) => Math.max(...found.map(pick));
  return [
    `One conversation, one person who asks ${requests} times in a row through the socket; with the time on the wire and in the client:`,
    '',
    ...table(
      ['messages stored', 'page', 'p50 ms', 'p99 ms'],
      found.map(({ size, what, p50Ms, p99Ms }) => [size.toLocaleString('en'), what, cell(p50Ms), cell(p99Ms)]),
    ),
    '',
    ...table(
      ['aim', 'measured', ''],
      [
        verdict(
          `p50 at most ${aims.p50Ms} ms`,
          worst(({ p50Ms }) => p50Ms) <= aims.p50Ms,
          `${cell(worst(({ p50Ms }) => p50Ms))} ms`,
        ),
        verdict(
          `p99 at most ${aims.p99Ms} ms`,
          worst(({ p99Ms }) => p99Ms) <= aims.p99Ms,
          `${cell(worst(({ p99Ms }) => p99Ms))} ms`,
        ),
      ],
    ),
    '',
  ];
}

async function time(ask: () => Promise<void>, requests: number): Promise<{ p50Ms: number; p99Ms: number }> {
  for (let n = 0; n < 50; n++) await ask();
  const latencies = new Latencies();
  for (let n = 0; n < requests; n++) {
    const began = performance.now();
    await ask();
    latencies.add(performance.now() - began);
  }
  return { p50Ms: latencies.percentile(0.5), p99Ms: latencies.percentile(0.99) };
}

async function makeConversation(members: readonly Guest[]): Promise<string> {
  const id = uuidv7();
  await withDatabase(async (client) => {
    await client.query(`insert into conversations (id, kind, title) values ($1, 'room', 'history')`, [id]);
    await client.query(`insert into conversation_heads (conversation_id) values ($1)`, [id]);
    await client.query(
      `insert into memberships (conversation_id, user_id, state) select $1, unnest($2::uuid[]), 'joined'`,
      [id, members.map(({ userId }) => userId)],
    );
  });
  return id;
}

/** Writes messages `from` … `to` as the log would have, and lets the planner know. */
async function fill(conversationId: string, authors: readonly Guest[], from: number, to: number): Promise<void> {
  await withDatabase(async (client) => {
    await client.query(
      `with written as (
        insert into messages (conversation_id, seq, id, author_id, rev, body, created_at)
        select $1, n, gen_random_uuid(), ($2::uuid[])[1 + n % $3], n, 'message ' || n || ', of ordinary length, 大家好', now()
        from generate_series($4::bigint, $5::bigint) n
        returning *
      )
      insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
      select conversation_id, id, seq, author_id, false, created_at from written`,
      [conversationId, authors.map(({ userId }) => userId), authors.length, from, to],
    );
    await client.query(`update conversation_heads set seq = $2, rev = $2, last_at = now() where conversation_id = $1`, [
      conversationId,
      to,
    ]);
    await client.query('vacuum analyze messages');
    await client.query('vacuum analyze message_keys');
  });
}
