import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { ErrorBody } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type DatabaseTrouble, databaseTrouble } from './testing/database-trouble';
import { type Visitor, aGuestSession, aVisitor, until, wholeLog } from './testing/visitor';

const database = testDatabase();
let folder: string;
let limitsFile: string;
let api: ApiProcess;
let trouble: DatabaseTrouble;
let visitor: Visitor;
const account = { username: 'somebody', password: 'long enough a password' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-full-'));
  const roomy = ['guestsPerMinute', 'signInsPerMinute', 'addressRequestsPerMinute', 'userRequestsPerMinute'];
  const more = ['restSendsPerMinute', 'renamesPerMinute', 'requestsPerSecond', 'refreshesPerMinute'];
  limitsFile = join(folder, 'limits.json');
  writeFileSync(
    limitsFile,
    JSON.stringify({
      ...Object.fromEntries([...roomy, ...more].map((name) => [name, 100_000])),
      draftIntervalMs: 20,
      readMarkIntervalMs: 20,
      // Everything that runs by itself runs often.
      indexSweepMs: 50,
      retentionIntervalMs: 50,
      guestSweepIntervalMs: 50,
      deletedUserCleanupIntervalMs: 50,
      headCheckIntervalMs: 50,
      roomActivityIntervalMs: 50,
      lastSeenWriteMs: 50,
    }),
  );
  trouble = await databaseTrouble(database);
  api = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: limitsFile } });
  visitor = await aVisitor(api.url, undefined, { isLasting: true });
  // A row that logging in reads: the trouble is one of rows.
  const registered = await fetch(`${api.url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  expect(registered.ok).toBe(true);
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['53100', '53000', '53200', '58030', '25006'])(
  'I1 I12: while Postgres says %s every path answers unavailable with a wait; nothing is lost, and all recovers',
  async (sqlState) => {
    const { lobbyId: conversationId } = visitor;
    const there = uuidv7();
    expect(await visitor.send(`before ${sqlState}`, there)).toMatchObject({ ok: true });
    const lines = api.output.split('\n').length;
    await trouble.begin({ sqlState, text: 'No space left on device' });
    const ids = Array.from({ length: 30 }, () => uuidv7());
    const refused = await Promise.all([
      ...ids.map((id) => visitor.send(`during ${sqlState}`, id)),
      visitor.raw('message:edit', { conversationId, id: there, body: 'edited', editId: uuidv7() }),
      visitor.raw('message:react', { conversationId, id: there, emoji: '🎉', on: true }),
      visitor.raw('message:delete', { conversationId, id: there }),
      visitor.raw('draft:set', { conversationId, body: 'about to say' }),
      visitor.raw('conversation:history', { conversationId, limit: 10 }),
    ]);
    for (const reply of refused)
      expect(reply).toMatchObject({ ok: false, error: { code: 'unavailable', retryAfterMs: expect.any(Number) } });
    const answers = await Promise.all([
      visitor.rest('POST', `/conversations/${conversationId}/messages`, { body: 'during' }),
      visitor.rest('GET', `/conversations/${conversationId}/messages`),
      visitor.rest('GET', '/auth/me'),
      visitor.rest('GET', '/search?q=during'),
      visitor.rest('POST', '/auth/guest', {}),
      visitor.rest('POST', '/auth/login', account),
      visitor.rest('POST', '/rooms', { name: 'during', kind: 'public' }),
    ]);
    for (const answer of answers) {
      const { error } = (await answer.json()) as { error: ErrorBody };
      expect([answer.url, answer.status, error]).toEqual([
        answer.url,
        503,
        expect.objectContaining({ code: 'unavailable', retryAfterMs: expect.any(Number) }),
      ]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await trouble.end();
    expect(api.output.split('\n').length - lines).toBeLessThan(400);
    expect((await visitor.send(`during ${sqlState}`, ids[0]!)).ok).toBe(true);
    expect((await aVisitor(api.url)).lobbyId).toBe(conversationId);
    const log = await wholeLog(visitor);
    expect(log.filter(({ id }) => id === there)).toMatchObject([{ body: `before ${sqlState}`, reactions: [] }]);
    expect(log.filter(({ id }) => ids.includes(id))).toHaveLength(1);
  },
  30_000,
);

test('what runs by itself goes on after a full disk: what was said is found', async () => {
  await trouble.begin({ sqlState: '53100', text: 'No space left on device' });
  await until(async () => (await trouble.failedStatements()) > 20);
  await trouble.end();
  expect(await visitor.send('umbrella', uuidv7())).toMatchObject({ ok: true });
  await until(async () => {
    const found = (await (await visitor.rest('GET', '/search?q=umbrella')).json()) as { hits?: unknown[] };
    return JSON.stringify(found).includes('umbrella');
  });
});

test('a log without room costs lines, which are counted, and nothing else', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  const server = await startApiProcess({
    databaseUrl: database.url,
    env: { LIMITS_FILE: limitsFile, LOG_LEVEL: 'trace', METRICS_PORT: String(port) },
    outputFd: openSync('/dev/full', 'w'),
  });
  const writer = await aVisitor(server.url, await aGuestSession(server.url));
  const dropped = async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^cloudhop_log_lines_dropped_total\{reason="unwritable"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  await until(async () => {
    await Promise.all(Array.from({ length: 100 }, () => fetch(`${server.url}/api/health/live`)));
    return (await dropped()) > 100;
  }, 20_000);
  expect(await writer.send('said without a log', uuidv7())).toMatchObject({ ok: true });
  expect(await server.stop()).toBe(0);
}, 40_000);
