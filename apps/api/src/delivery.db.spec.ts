import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import { aGuestSession, aVisitor, toldChanges, until, wholeLog } from './testing/visitor';

const database = testDatabase();
let here: ApiProcess;
let there: ApiProcess;
let folder: string;

/** Two processes of one deployment: the same secrets, one database, and nothing between them but the head comparison. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-delivery-'));
  writeFileSync(
    join(folder, 'limits.json'),
    JSON.stringify({ requestsPerSecond: 10_000, userRequestsPerMinute: 10_000, restSendsPerMinute: 10_000 }),
  );
  here = await start();
  there = await start();
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(port?: number): Promise<ApiProcess> {
  const env = { LIMITS_FILE: join(folder, 'limits.json') };
  return startApiProcess({ databaseUrl: database.url, dataDir: folder, env, ...(port !== undefined && { port }) });
}

test('I3: concurrent senders of two processes make one dense order, which everyone is told', async () => {
  const visitors = await Promise.all([here, there, here, there].map(({ url }) => aVisitor(url)));
  await Promise.all(
    visitors.map(async (visitor, v) => {
      for (let n = 0; n < 30; n++) expect(await visitor.send(`${v}:${n}`, uuidv7())).toMatchObject({ ok: true });
    }),
  );
  await until(() => visitors.every((visitor) => toldChanges(visitor).length === 120));
  const log = await wholeLog(visitors[0]!);
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  for (const visitor of visitors) {
    const own = log
      .filter(({ authorId }) => authorId === visitor.user.id)
      .map(({ body }) => Number(body.split(':')[1]));
    expect(own).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(toldChanges(visitor).map(({ rev }) => rev)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  }
}, 20_000);

test('I2: the same id fifty times at once over both transports and both processes is stored once', async () => {
  const session = await aGuestSession(here.url);
  const [visitor, twin] = [await aVisitor(here.url, session), await aVisitor(there.url, session)];
  const id = uuidv7();
  const results = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const from = n % 2 === 0 ? visitor : twin;
      if (n % 4 < 2) {
        const reply = await from.send(`try ${n}`, id);
        return reply.ok ? JSON.stringify(reply.data) : reply.error.code;
      }
      const response = await from.rest('POST', `/conversations/${visitor.lobbyId}/messages`, { id, body: `try ${n}` });
      expect([200, 201]).toContain(response.status);
      return response.text();
    }),
  );
  expect(new Set(results).size).toBe(1);
  expect((await wholeLog(visitor)).filter((message) => message.id === id)).toHaveLength(1);
});

test('a message of one process reaches the other’s sockets by the comparison of heads alone', async () => {
  const [sender, reader] = [await aVisitor(here.url), await aVisitor(there.url)];
  const id = uuidv7();
  await sender.send('hello over there', id);
  await until(() => toldChanges(reader).some((change) => change.kind === 'message' && change.message.id === id));
});

test('I1 I2: kill -9 in the middle of sending loses nothing that was acknowledged and doubles nothing', async () => {
  let victim = await start();
  const port = Number(new URL(victim.url).port);
  const session = await aGuestSession(victim.url);
  let visitor = await aVisitor(victim.url, session);
  const ids = Array.from({ length: 300 }, () => uuidv7());
  const acknowledged = new Set<string>();
  const send = async (id: string) => {
    const reply = await visitor.send(`body of ${id}`, id).catch(() => undefined);
    if (reply?.ok) acknowledged.add(id);
  };
  const burst = ids.map(send);
  await until(() => acknowledged.size > 20);
  await victim.kill();
  visitor.socket.disconnect();
  await Promise.all(burst);

  victim = await start(port);
  visitor = await aVisitor(victim.url, session);
  // A client sends again what it has no answer for, as it is.
  for (const id of ids) if (!acknowledged.has(id)) await send(id);
  const stored = (await wholeLog(visitor)).filter(({ authorId }) => authorId === session.user.id).map(({ id }) => id);
  expect(stored.length).toBe(300);
  expect(new Set(stored)).toEqual(new Set(ids));
}, 30_000);

test('Postgres that restarts its connections is survived: sends wait and go through', async () => {
  const visitor = await aVisitor(here.url);
  const sends = Array.from({ length: 60 }, async (_, n) => {
    await new Promise((resume) => setTimeout(resume, n * 5));
    for (const id = uuidv7(); ;) {
      const reply = await visitor.send(`through ${n}`, id);
      if (reply.ok) return;
      expect(reply.error.code).toBe('unavailable');
    }
  });
  for (let n = 0; n < 4; n++) {
    await new Promise((resume) => setTimeout(resume, 60));
    await database.disconnectAll();
  }
  await Promise.all(sends);
  const own = (await wholeLog(visitor)).filter(({ authorId }) => authorId === visitor.user.id);
  expect(new Set(own.map(({ body }) => body)).size).toBe(60);
  expect(own).toHaveLength(60);
});
