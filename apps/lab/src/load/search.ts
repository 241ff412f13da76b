import type { SearchPage } from '@cloudhop/contracts';
import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { type Guest, makeGuests } from './guests';
import { Latencies } from './latencies';
import { measured, perUnit } from './phase';
import { cell, table, verdict } from './report';
import { type ServerUnderTest, startServer, withDatabase } from './server-under-test';

export interface SearchOptions {
  messages: number;
  conversations: number;
  requests: number;
}

/** Search term, and the number of messages that contain it. */
const wanted = [
  { q: '上海', what: 'two characters, in one message of 5,000' },
  { q: '今天', what: 'two characters, in every third message' },
  { q: '週末去上海', what: 'five characters, in one message of 5,000' },
  { q: 'plum', what: 'a word, in one message of 5,000' },
  { q: 'today', what: 'a word, in every third message' },
  { q: 'bygone', what: 'a word, in every third message of the oldest fifth only' },
  { q: 'today 上海', what: 'both together' },
  { q: 'nowhere', what: 'a word that nobody wrote' },
] as const;
const aimMs = 25;

interface Times {
  p50Ms: number;
  p99Ms: number;
}

/** Search in many messages, and what it costs to keep them findable. */
export async function search({ messages, conversations, requests }: SearchOptions): Promise<string[]> {
  const server = await startServer('cloudhop');
  const [asker, newcomer] = (await makeGuests(server, 2)) as [Guest, Guest];
  const ids = Array.from({ length: conversations }, () => uuidv7());
  await fill(ids, asker, newcomer, messages / conversations);
  const indexing = await measured(server, () => indexed(messages));
  await withDatabase((client) => client.query('vacuum analyze message_terms'));
  const rows: string[][] = [];
  const found: Times[] = [];
  for (const { q, what } of wanted) {
    const ours = await time(() => find(server, asker, q), requests);
    const like = await time(() => likeScan(q, asker), 3);
    found.push(ours);
    rows.push([`\`${q}\``, what, cell(ours.p50Ms), cell(ours.p99Ms), cell(like.p50Ms)]);
  }
  const alone = await time(() => find(server, newcomer, 'today'), requests);
  found.push(alone);
  rows.push(['`today`', 'asked by a member of one small room', cell(alone.p50Ms), cell(alone.p99Ms), '–']);
  const lag = await lags(server, asker, ids[0]!);
  const sizes = await tableSizes();
  await server.stop();
  const worst = Math.max(...found.map(({ p99Ms }) => p99Ms));
  return [
    `${messages.toLocaleString('en')} messages in ${conversations} rooms of one person, who asks for the first page ${requests} times in a row over REST; with the time on the wire and in the client. Beside it the same rows by \`LIKE\`, newest first, in the database alone:`,
    '',
    ...table(['looked for', 'what it is', 'p50 ms', 'p99 ms', 'LIKE p50 ms'], rows),
    '',
    ...table(
      [
        'index',
        'of it GIN',
        'messages themselves',
        'bytes of index per message',
        'CPU µs per message',
        'of it PostgreSQL',
        'messages/s',
      ],
      [
        [
          `${cell(sizes.all / 2 ** 20)} MiB`,
          `${cell(sizes.gin / 2 ** 20)} MiB`,
          `${cell(sizes.messages / 2 ** 20)} MiB`,
          cell(sizes.all / messages),
          cell(perUnit(indexing.serverMs + indexing.postgresMs, messages)),
          cell(perUnit(indexing.postgresMs, messages)),
          cell(messages / indexing.seconds),
        ],
      ],
    ),
    '',
    ...table(
      ['aim', 'measured', ''],
      [
        verdict(`p99 at most ${aimMs} ms`, worst <= aimMs, `${cell(worst)} ms`),
        verdict('findable within 1 s', lag.p99Ms <= 1_000, `p50 ${cell(lag.p50Ms)} ms, p99 ${cell(lag.p99Ms)} ms`),
      ],
    ),
    '',
  ];
}

/** Ordinary talk: Han characters and words, frequent ones often, with what is looked for among it. */
async function fill(ids: readonly string[], asker: Guest, newcomer: Guest, each: number): Promise<void> {
  await withDatabase(async (client) => {
    await client.query(
      `insert into conversations (id, kind, title, created_by) select id, 'room', 'search', $2 from unnest($1::uuid[]) id`,
      [ids, asker.userId],
    );
    await client.query(
      `insert into memberships (conversation_id, user_id, state) select id, $2, 'joined' from unnest($1::uuid[]) id`,
      [ids, asker.userId],
    );
    const small = uuidv7();
    await client.query(`insert into conversations (id, kind) values ($1, 'room')`, [small]);
    await client.query(`insert into memberships (conversation_id, user_id, state) values ($1, $2, 'joined')`, [
      small,
      newcomer.userId,
    ]);
    await client.query(
      `create function pg_temp.talk(n bigint, share float8) returns text language sql volatile as $$
         select concat_ws(' ',
           (select string_agg(chr(19968 + (power(random(), 3) * 4000)::integer), '') from generate_series(1, 6 + (n % 9)::integer)),
           case when n % 5000 = 7 then '週末去上海吧' when n % 3 = 0 then '今天' end,
           (select string_agg('word' || (power(random(), 3) * 20000)::integer, ' ') from generate_series(1, 2 + (n % 4)::integer)),
           case when n % 5000 = 7 then 'plum' when n % 3 = 0 then 'today' end,
           case when n % 3 = 1 and share < 0.2 then 'bygone' end)
       $$`,
    );
    for (const id of [...ids, small])
      await client.query(
        `insert into messages (conversation_id, seq, id, author_id, rev, body, created_at)
         select $1, n, uuidv7(), $2, n, pg_temp.talk(n, n::float8 / $3::float8), now() - interval '1 year' + n * interval '1 minute'
         from generate_series(1, $3::bigint) n`,
        [id, asker.userId, id === small ? 100 : each],
      );
    // All at once, so that they are indexed in the order in which things were said.
    await client.query(
      `insert into conversation_heads (conversation_id, seq, rev, last_at)
       select m.conversation_id, max(m.seq), max(m.seq), now() from messages m where m.conversation_id = any ($1) group by 1`,
      [[...ids, small]],
    );
    await client.query('vacuum analyze messages');
  });
}

/** Resolves once so many messages are findable. */
async function indexed(messages: number): Promise<void> {
  for (;;) {
    await wait(1_000);
    const done = await withDatabase(async (client) => {
      const { rows } = await client.query<{ rev: string }>('select coalesce(sum(rev), 0) as rev from search_cursors');
      return Number(rows[0]!.rev);
    });
    if (done >= messages) return;
  }
}

async function find(server: ServerUnderTest, { token }: Guest, q: string, more = ''): Promise<SearchPage> {
  const response = await fetch(`${server.url}/api/search?q=${encodeURIComponent(q)}${more}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as SearchPage;
}

async function likeScan(q: string, { userId }: Guest): Promise<void> {
  await withDatabase(async (client) => {
    const words = q.split(' ').map((word) => `%${word}%`);
    await client.query(
      `select m.body from messages m join memberships s on s.conversation_id = m.conversation_id and s.user_id = $1 and s.state = 'joined'
       where m.body ilike all ($2::text[]) and m.deleted_at is null order by m.created_at desc limit 20`,
      [userId, words],
    );
  });
}

async function time(ask: () => Promise<unknown>, requests: number): Promise<Times> {
  const latencies = new Latencies();
  for (let n = -Math.floor(requests / 3); n < requests; n++) {
    const began = performance.now();
    await ask();
    if (n >= 0) latencies.add(performance.now() - began);
  }
  return { p50Ms: latencies.percentile(0.5), p99Ms: latencies.percentile(0.99) };
}

/** From the acknowledgement of a message until it is found. */
async function lags(server: ServerUnderTest, author: Guest, conversationId: string): Promise<Times> {
  const latencies = new Latencies();
  for (let n = 0; n < 100; n++) {
    const word = `fresh${n}`;
    await fetch(`${server.url}/api/conversations/${conversationId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${author.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body: `${word} news` }),
    });
    const said = performance.now();
    while ((await find(server, author, word)).items.length === 0) await wait(5);
    latencies.add(performance.now() - said);
  }
  return { p50Ms: latencies.percentile(0.5), p99Ms: latencies.percentile(0.99) };
}

async function tableSizes(): Promise<{ all: number; gin: number; messages: number }> {
  return withDatabase(async (client) => {
    const { rows } = await client.query<Record<'all' | 'gin' | 'messages', string>>(
      `select pg_total_relation_size('message_terms') as all, pg_relation_size('message_terms_terms') as gin,
         pg_total_relation_size('messages') as messages`,
    );
    const { all, gin, messages } = rows[0]!;
    return { all: Number(all), gin: Number(gin), messages: Number(messages) };
  });
}
