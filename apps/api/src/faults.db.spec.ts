import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess, testDatabase } from '@cloudhop/api/core/testing';
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

test('I1 I2: a process that dies between commit and acknowledgement leaves one message, which a retry finds and followers elsewhere get', async () => {
  const victim = await start();
  const session = await aGuestSession(victim.url);
  const sender = await aVisitor(victim.url, session);
  const follower = await aVisitor(other.url);
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

  await until(() => isTold(follower, id), 3_000);
  expect(Date.now() - committedAt).toBeLessThan(3_000);
  const heir = await start();
  const retry = await (await aVisitor(heir.url, session)).send('did it arrive?', id);
  expect(retry).toMatchObject({ ok: true, data: { id, seq: original!.seq, rev: original!.rev } });
  expect(await rowsOf(id)).toEqual([original]);
  expect(toldChanges(follower).filter((change) => change.kind === 'message' && change.message.id === id)).toHaveLength(
    1,
  );
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
      () => author.request(`message:${kind}`, payloads[kind] as never),
      async () => (await headRev(lobbyId)) > before,
    );
    expect(isAnswered).toBe(false);
    const heir = await aVisitor((await start()).url, session);
    const reply = await heir.request(`message:${kind}`, payloads[kind] as never);
    expect(reply).toMatchObject({ ok: true, data: { id, rev: before + 1 } });
    expect(await headRev(lobbyId)).toBe(before + 1);
    expect((await wholeLog(heir)).find((message) => message.id === id)).toEqual(reply.ok && reply.data);
  },
  40_000,
);

function isTold(visitor: Visitor, id: string): boolean {
  return toldChanges(visitor).some((change) => change.kind === 'message' && change.message.id === id);
}
