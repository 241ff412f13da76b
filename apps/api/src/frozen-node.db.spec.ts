import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Session } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aVisitor, until } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-frozen-'));
const freezeMs = 1_500;
let frozen: ApiProcess;
let other: ApiProcess;

beforeAll(async () => {
  const start = (name: string, limits: object) => {
    writeFileSync(join(folder, name), JSON.stringify(limits));
    return startApiProcess({ databaseUrl: database.url, dataDir: folder, env: { LIMITS_FILE: join(folder, name) } });
  };
  // The second message of a conversation waits in the sequencer: it is there when the process stops.
  frozen = await start('frozen.json', { freezeMs, frameIntervalMs: 700, sweepIntervalMs: 500 });
  other = await start('other.json', {});
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bodiesHeard = ({ facts }: Visitor): string[] =>
  facts.flatMap(({ name, payload }) =>
    name === 'conversation:changed' && 'changes' in payload
      ? payload.changes.flatMap((change) =>
          'message' in change && 'body' in change.message ? [change.message.body] : [],
        )
      : [],
  );

test('I6: a node that was frozen delivers nothing to somebody who was removed meanwhile, queued or new', async () => {
  const visitor = await aVisitor(other.url);
  const account = { username: 'frost', password: 'correct horse battery' };
  const session = (await (await visitor.rest('POST', '/auth/register', account)).json()) as Session;
  const owner = await aVisitor(other.url, session);
  const guest = await aVisitor(frozen.url);
  await database.query(
    `insert into friendships (user_id, other_id, state, at, feed_rev) values ($1, $2, 'friend', now(), 0), ($2, $1, 'friend', now(), 0)`,
    [owner.user.id, guest.user.id],
  );
  const id = uuidv7();
  const made = await owner.rest('POST', '/groups', { id, title: 'Secrets', userIds: [guest.user.id] });
  expect(made.status).toBe(201);
  await guest.rest('POST', `/groups/${id}/join`, {});
  // From its answer on, the socket receives what is said.
  expect(await guest.request('conversation:open', { conversationId: id })).toMatchObject({ ok: true });
  const sender = await aVisitor(frozen.url, session);
  const say = async (from: Visitor, body: string) =>
    expect(await from.request('message:send', { conversationId: id, id: uuidv7(), body })).toMatchObject({ ok: true });
  await say(sender, 'heard');
  await until(() => bodiesHeard(guest).includes('heard'));
  await say(sender, 'heard too');
  await say(sender, 'queued');
  process.kill(frozen.pid, 'SIGSTOP');
  const stoppedAt = performance.now();
  try {
    expect((await owner.rest('DELETE', `/groups/${id}/members/${guest.user.id}`)).status).toBe(200);
    await say(owner, 'later');
    await until(() => performance.now() - stoppedAt > freezeMs + 200);
  } finally {
    process.kill(frozen.pid, 'SIGCONT');
  }
  await until(() => !guest.socket.connected);
  expect(bodiesHeard(guest)).not.toContain('queued');
  expect(bodiesHeard(guest)).not.toContain('later');
  expect(frozen.output).toContain('"event":"was_frozen"');
  // Whoever may still read misses nothing.
  const back = await aVisitor(frozen.url, session);
  const page = await back.request('conversation:history', { conversationId: id, limit: 10 });
  expect(page.ok && page.data.messages.map(({ body }) => body)).toEqual(
    expect.arrayContaining(['heard', 'heard too', 'queued', 'later']),
  );
});
