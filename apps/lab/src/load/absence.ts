import { type Reply, type SyncReply, limits } from '@cloudhop/contracts';
import { io } from 'socket.io-client';
import { type Guest, makeGuests } from './guests';
import { Latencies } from './latencies';
import { measured } from './phase';
import { cell, table } from './report';
import { startServer, withDatabase } from './server-under-test';

export interface AbsenceOptions {
  conversations: number;
  /** Number of conversations with new messages, and of new messages in each. */
  busy: number;
  messages: number;
  rounds: number;
}

interface Cursor {
  conversationId: string;
  rev: number;
}

/** Somebody with many private conversations comes back after a day away. */
export async function absence({ conversations, busy, messages, rounds }: AbsenceOptions): Promise<string[]> {
  const server = await startServer('cloudhop');
  const people = await makeGuests(server, conversations + 1);
  const [me, ...others] = people as [Guest, ...Guest[]];
  await befriendAll(me, others);
  await talk(me, busy, messages);
  const socket = io(server.url, { auth: { token: me.token }, transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const sync = async (payload: object): Promise<SyncReply> => {
    const reply = (await socket.emitWithAck('feed:sync', payload)) as Reply<SyncReply>;
    if (!reply.ok) throw new Error(reply.error.code);
    return reply.data;
  };
  const first = await sync({});
  if (!('reset' in first.personal)) throw new Error('a first sync answers a reset');
  const { reset } = first.personal;
  // As they stood a day ago: everywhere one thing had been said.
  const cursors = reset.conversations.map(({ id, rev }): Cursor => ({ conversationId: id, rev: Math.min(rev, 1) }));

  const comeBack = async () => {
    let bytes = 0;
    let changes = 0;
    for (let at = 0; at < cursors.length; at += limits.syncConversations) {
      const asked = cursors.slice(at, at + limits.syncConversations);
      const reply = await sync({ epoch: first.epoch, personal: reset.rev, conversations: asked });
      bytes += JSON.stringify(reply).length;
      for (const each of reply.conversations) changes += 'changes' in each ? each.changes.length : 0;
    }
    return { bytes, changes };
  };
  const { bytes, changes } = await comeBack();
  const times = new Latencies();
  const phase = await measured(server, async () => {
    for (let n = 0; n < rounds; n++) {
      const began = performance.now();
      await comeBack();
      times.add(performance.now() - began);
    }
  });
  const fresh = new Latencies();
  for (let n = 0; n < rounds; n++) {
    const began = performance.now();
    await sync({});
    fresh.add(performance.now() - began);
  }
  socket.disconnect();
  await server.stop();
  const requests = Math.ceil(cursors.length / limits.syncConversations);
  return [
    `A person with ${conversations} private conversations, of which ${busy} have ${messages} new messages each, syncs ${rounds} times; with the time on the wire and of reading the JSON:`,
    '',
    ...table(
      ['', 'requests', 'p50 ms', 'p99 ms', 'server CPU ms', 'of it PostgreSQL', 'KiB', 'changes'],
      [
        [
          'after a day away',
          String(requests),
          cell(times.percentile(0.5)),
          cell(times.percentile(0.99)),
          cell((phase.serverMs + phase.postgresMs) / rounds),
          cell(phase.postgresMs / rounds),
          cell(bytes / 1_024),
          String(changes),
        ],
        ['on a new device', '1', cell(fresh.percentile(0.5)), cell(fresh.percentile(0.99)), '–', '–', '–', '–'],
      ],
    ),
    '',
  ];
}

/** Everybody is a friend, and has said one thing, long ago. */
async function befriendAll(me: Guest, others: readonly Guest[]): Promise<void> {
  const ids = others.map(({ userId }) => userId);
  await withDatabase(async (client) => {
    await client.query(
      `insert into friendships (user_id, other_id, state, at, feed_rev)
       select $1, id, 'friend', now(), 0 from unnest($2::uuid[]) id
       union all select id, $1, 'friend', now(), 0 from unnest($2::uuid[]) id`,
      [me.userId, ids],
    );
    await client.query(
      `with made as (
         insert into conversations (id, kind, direct_low, direct_high, member_count)
         select gen_random_uuid(), 'direct', least($1::uuid, id), greatest($1::uuid, id), 2 from unnest($2::uuid[]) id
         returning id, direct_low, direct_high
       ), heads as (
         insert into conversation_heads (conversation_id, seq, rev, last_at) select id, 1, 1, now() from made
       ), said as (
         insert into messages (conversation_id, seq, id, author_id, rev, body, created_at)
         select id, 1, gen_random_uuid(), direct_low, 1, 'hello, 大家好', now() from made
       )
       insert into memberships (conversation_id, user_id, state)
       select id, unnest(array[direct_low, direct_high]), 'joined' from made`,
      [me.userId, ids],
    );
    await client.query('vacuum analyze');
  });
}

/** Messages that are sent while they are away. */
async function talk(me: Guest, busy: number, messages: number): Promise<void> {
  await withDatabase(async (client) => {
    await client.query(
      `with busy as (
         select c.* from conversations c where $1 in (c.direct_low, c.direct_high) limit $2
       ), said as (
         insert into messages (conversation_id, seq, id, author_id, rev, body, created_at)
         select c.id, 1 + n, gen_random_uuid(), case when c.direct_low = $1 then c.direct_high else c.direct_low end,
           1 + n, 'news ' || n || ', of ordinary length, 大家好', now()
         from busy c cross join generate_series(1, $3::int) n
       )
       update conversation_heads set seq = 1 + $3, rev = 1 + $3 where conversation_id in (select id from busy)`,
      [me.userId, busy, messages],
    );
  });
}
