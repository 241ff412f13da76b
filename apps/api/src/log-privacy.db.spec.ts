import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { type DatabaseTrouble, databaseTrouble } from './testing/database-trouble';
import { type Visitor, aVisitor, until } from './testing/visitor';

/** One code of every class in the appendix on error codes of PostgreSQL's manual, and several where classes differ. */
const sqlStates = [
  ...['03000', '08000', '08006', '09000', '0A000', '0B000', '0F000', '0L000', '0P000', '0Z000', '10608', '20000'],
  ...['21000', '22000', '22001', '22021', '22023', '22P02', '22P05', '23502', '23503', '23505', '23514', '24000'],
  ...['25000', '25006', '26000', '27000', '28000', '2B000', '2D000', '2F000', '34000', '38000', '39000', '3B000'],
  ...['3D000', '3F000', '40001', '40P01', '42601', '42501', '42P01', '42P02', '42883', '44000', '53000', '53100'],
  ...['53200', '53300', '54000', '54001', '55000', '55P03', '57000', '57014', '57P01', '58000', '58030', '72000'],
  ...['F0000', 'HV000', 'P0001', 'XX000', 'XX001'],
];

const database = testDatabase();
let folder: string;
let api: ApiProcess;
let trouble: DatabaseTrouble;
let visitor: Visitor;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-privacy-'));
  const roomy = ['guestsPerMinute', 'signInsPerMinute', 'addressRequestsPerMinute', 'userRequestsPerMinute'];
  const more = ['restSendsPerMinute', 'renamesPerMinute', 'searchesPerMinute', 'roomChangesPerMinute'];
  const limits = Object.fromEntries([...roomy, ...more].map((name) => [name, 100_000]));
  writeFileSync(join(folder, 'limits.json'), JSON.stringify({ ...limits, indexSweepMs: 100, draftIntervalMs: 50 }));
  // Authentication succeeds: the handler is to fail.
  trouble = await databaseTrouble(database, ['sessions']);
  api = await startApiProcess({
    databaseUrl: database.url,
    env: { LOG_LEVEL: 'trace', LIMITS_FILE: join(folder, 'limits.json') },
  });
  visitor = await aVisitor(api.url, undefined, { isLasting: true });
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const errorLines = () => api.output.split('\n').filter((line) => line.includes('"err":'));

test('no line of the running server holds what somebody typed, with every class of Postgres’ errors', async () => {
  const typed = 'typed-by-somebody';
  const id = uuidv7();
  await visitor.send('there before', id);
  for (const sqlState of sqlStates) {
    // The two lines look like a part of a stack, and of a context.
    const text = `${typed}\n    at ${typed} (${typed}.js:1:1)\nPL/pgSQL function ${typed}() line 1`;
    await trouble.begin({ sqlState, text });
    const conversationId = visitor.lobbyId;
    await Promise.allSettled([
      visitor.send(typed, uuidv7()),
      visitor.raw('message:edit', { conversationId, id, body: typed, editId: uuidv7() }),
      visitor.raw('draft:set', { conversationId, body: typed }),
      visitor.raw('conversation:history', { conversationId }),
      visitor.rest('POST', `/conversations/${conversationId}/messages`, { body: typed }),
      visitor.rest('POST', '/auth/guest', { displayName: typed }),
      visitor.rest('POST', '/auth/login', { username: typed, password: typed }),
      visitor.rest('POST', '/auth/register', { username: typed, password: `${typed} ${typed}`, displayName: typed }),
      visitor.rest('POST', '/rooms', { name: typed, kind: 'public', description: typed }),
      visitor.rest('GET', `/search?q=${typed}`),
      visitor.rest('GET', `/users/${typed}`),
      visitor.rest('PATCH', '/auth/me', { displayName: typed }),
    ]);
    await trouble.end();
  }
  expect(errorLines().length).toBeGreaterThan(sqlStates.length);
  expect(
    api.output
      .split('\n')
      .filter((line) => line.includes(typed))
      .slice(0, 3),
  ).toEqual([]);
}, 120_000);

test('an error’s line says what failed, where, and with which code', async () => {
  await trouble.begin({ sqlState: 'XX001', text: 'unread' });
  await visitor.rest('GET', `/conversations/${visitor.lobbyId}/messages`);
  await trouble.end();
  await until(() => errorLines().some((line) => line.includes('XX001')));
  const line = errorLines().find((candidate) => candidate.includes('XX001'))!;
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    event: expect.any(String),
    err: { code: 'XX001', routine: 'exec_stmt_raise', stack: expect.stringContaining(' at ') },
  });
  expect(line).not.toContain('unread');
});

test('the Postgres that npm brings along logs no failed statement, which would quote what somebody typed', async () => {
  expect(
    await database.query(
      `select name, setting from pg_settings where name like 'log_min_%' and setting <> '-1' order by name`,
    ),
  ).toEqual([
    { name: 'log_min_error_statement', setting: 'panic' },
    { name: 'log_min_messages', setting: 'log' },
  ]);
});
