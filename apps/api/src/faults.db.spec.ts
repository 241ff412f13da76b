import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Message, Reply } from '@cloudhop/contracts';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aGuestSession, aVisitor, toldChanges, until, wholeLog } from './testing/visitor';

const database = testDatabase();
let folder: string;
let other: ApiProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-faults-'));
  other = await start();
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Processes of one deployment: they share secrets and database, and nothing else. */
function start(): Promise<ApiProcess> {
  return startApiProcess({ databaseUrl: database.url, dataDir: folder });
}

/** Holds the head of a conversation, so that a commit that has reached Postgres waits there. */
async function holdHead(conversationId: string): Promise<{ waiting(): Promise<boolean>; release(): Promise<void> }> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from conversation_heads where conversation_id = $1 for no key update', [conversationId]);
  return {
    async waiting() {
      const [row] = await database.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%log_commit_v1%'`,
      );
      return row!.count > 0;
    },
    async release() {
      await client.query('commit');
      await client.end();
    },
  };
}

async function rowsOf(id: string): Promise<{ seq: number; body: string; rev: number }[]> {
  const rows = await database.query<{ seq: string; body: string; rev: string }>(
    'select seq, body, rev from messages where id = $1',
    [id],
  );
  return rows.map(({ seq, body, rev }) => ({ seq: Number(seq), body, rev: Number(rev) }));
}

async function headRev(conversationId: string): Promise<number> {
  const [head] = await database.query<{ rev: string }>(
    'select rev from conversation_heads where conversation_id = $1',
    [conversationId],
  );
  return Number(head!.rev);
}

/** Lets `request` commit on a process that is stopped before it can read so, and kills that process. */
async function commitAndDie(
  victim: ApiProcess,
  lobbyId: string,
  request: () => Promise<unknown>,
  isThere: () => Promise<boolean>,
) {
  const head = await holdHead(lobbyId);
  let isAnswered = false;
  const answer = request().then(
    () => (isAnswered = true),
    () => undefined,
  );
  await until(() => head.waiting());
  process.kill(victim.pid, 'SIGSTOP');
  await head.release();
  await until(isThere);
  await victim.kill();
  await answer;
  return isAnswered;
}

test('I1 I2: a process that dies between commit and acknowledgement leaves one message, which a retry finds and subscribers elsewhere get', async () => {
  const victim = await start();
  const session = await aGuestSession(victim.url);
  const sender = await aVisitor(victim.url, session);
  const subscriber = await aVisitor(other.url);
  const { lobbyId } = sender;
  await sender.send('before', uuidv7());
  const id = uuidv7();
  const isAnswered = await commitAndDie(
    victim,
    lobbyId,
    () => sender.send('did it arrive?', id),
    async () => (await rowsOf(id)).length === 1,
  );
  expect(isAnswered).toBe(false);
  const committedAt = Date.now();
  const [original] = await rowsOf(id);

  await until(() => isTold(subscriber, id), 3_000);
  expect(Date.now() - committedAt).toBeLessThan(3_000);
  const heir = await start();
  const retry = await (await aVisitor(heir.url, session)).send('did it arrive?', id);
  expect(retry).toMatchObject({ ok: true, data: { id, seq: original!.seq, rev: original!.rev } });
  expect(await rowsOf(id)).toEqual([original]);
  expect(
    toldChanges(subscriber).filter((change) => change.kind === 'message' && change.message.id === id),
  ).toHaveLength(1);
}, 40_000);

test.each(['edit', 'react', 'delete'] as const)(
  'I2: a message:%s that was committed unseen is not written again by its retry',
  async (kind) => {
    const victim = await start();
    const session = await aGuestSession(victim.url);
    const author = await aVisitor(victim.url, session);
    const { lobbyId } = author;
    const id = uuidv7();
    await author.send('first', id);
    const payloads = {
      edit: { conversationId: lobbyId, id, body: 'second', editId: uuidv7() },
      react: { conversationId: lobbyId, id, emoji: '🎉', on: true },
      delete: { conversationId: lobbyId, id },
    };
    const before = await headRev(lobbyId);
    const isAnswered = await commitAndDie(
      victim,
      lobbyId,
      () => author.request(`message:${kind}`, payloads[kind]),
      async () => (await headRev(lobbyId)) > before,
    );
    expect(isAnswered).toBe(false);
    const heir = await aVisitor((await start()).url, session);
    const reply = await heir.request(`message:${kind}`, payloads[kind]);
    expect(reply).toMatchObject({ ok: true, data: { id, rev: before + 1 } });
    expect(await headRev(lobbyId)).toBe(before + 1);
    expect((await wholeLog(heir)).find((message) => message.id === id)).toEqual(reply.ok && reply.data);
  },
  40_000,
);

/** A Postgres of its own, which can be ended like a machine whose power goes, and comes back at the same address. */
async function aPostgres() {
  const keeper = fork(resolve('scripts/postgres-keeper.mjs'), { detached: true });
  keeper.send({
    type: 'start',
    options: { home: mkdtempSync(join(tmpdir(), 'cloudhop-faults-pg-')), removeHome: true },
  });
  const [{ url }] = (await once(keeper, 'message')) as [{ url: string }];
  return {
    url,
    async crash() {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const stat = readFileSync(`/proc/${rows[0]!.pid}/stat`, 'utf8');
      process.kill(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), 'SIGQUIT');
      await new Promise<void>((gone) => client.once('end', gone));
    },
    async stop() {
      keeper.disconnect();
      await once(keeper, 'exit');
    },
  };
}

test('I1 I2: Postgres that crashes twice under load costs senders a wait and nothing else, and all goes on by itself', async () => {
  const postgres = await aPostgres();
  try {
    const [here, there] = [
      await startApiProcess({ databaseUrl: postgres.url, dataDir: folder }),
      await startApiProcess({ databaseUrl: postgres.url, dataDir: folder }),
    ];
    const senders = [await aVisitor(here.url), await aVisitor(there.url), await aVisitor(here.url)];
    const acknowledged = new Map<string, number>();
    const refusals = new Set<string>();
    let isOver = false;
    const sending = senders.map(async (sender) => {
      const own: string[] = [];
      while (!isOver) {
        const id = uuidv7();
        own.push(id);
        // The socket stays; only the answer takes as long as Postgres.
        const payload = { conversationId: sender.lobbyId, id, body: `the body of ${id}` };
        for (;;) {
          const answer: unknown = await sender.socket.timeout(15_000).emitWithAck('message:send', payload);
          const reply = answer as Reply<Message>;
          if (reply.ok) {
            acknowledged.set(id, reply.data.seq);
            break;
          }
          refusals.add(reply.error.code);
          expect(reply.error.retryAfterMs).toBeGreaterThan(0);
          await wait(50);
        }
        await wait(20);
      }
      return own;
    });
    for (let crash = 0; crash < 2; crash++) {
      const before = acknowledged.size;
      await until(() => acknowledged.size > before + 20, 15_000);
      await postgres.crash();
    }
    const after = acknowledged.size;
    await until(() => acknowledged.size > after + 20, 15_000);
    isOver = true;
    const ids = await Promise.all(sending);
    for (const code of refusals) expect(['unavailable', 'overloaded']).toContain(code);
    const log = await wholeLog(await aVisitor(there.url));
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, n) => n + 1));
    expect(log).toHaveLength(acknowledged.size);
    for (const { id, seq } of log) expect(acknowledged.get(id)).toBe(seq);
    for (const [n, own] of ids.entries())
      expect(log.filter(({ authorId }) => authorId === senders[n]!.user.id).map(({ id }) => id)).toEqual(own);
    // Who follows got all of it too, without asking.
    await until(() => senders.every((sender) => log.every(({ id }) => isTold(sender, id))));
    await Promise.all([here.kill(), there.kill()]);
  } finally {
    await postgres.stop();
  }
}, 60_000);

function isTold(visitor: Visitor, id: string): boolean {
  return toldChanges(visitor).some((change) => change.kind === 'message' && change.message.id === id);
}
