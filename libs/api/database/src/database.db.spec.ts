import { DataSource } from 'typeorm';
import { testDatabase } from './testing/database';
import { dataSourceOptions } from './connect';
import { isServerTrouble, limits, postgresCode } from '@cloudhop/api/platform';
import { Database } from './database';

const administrator = testDatabase();
const poolSize = 3;
let source: DataSource;
let database: Database;

beforeAll(async () => {
  const timeouts = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 2_000 };
  source = await new DataSource(
    dataSourceOptions(administrator.url, { ...timeouts, poolSize, connectTimeoutMs: 5_000, answerTimeoutMs: 7_000 }),
  ).initialize();
  database = new Database(source);
  await administrator.query(`create table spec_notes (body text); insert into spec_notes values ('kept')`);
});
afterAll(() => source.destroy());

const prepared = () =>
  database.prepared<{ pid: number }>('spec_notes', 'select n.*, pg_backend_pid() as pid from spec_notes n', []);

test('a statement that every connection has prepared survives a new column', async () => {
  const onEveryConnection = () => Promise.all(Array.from({ length: poolSize }, prepared));
  const before = await onEveryConnection();
  expect(new Set(before.flat().map(({ pid }) => pid)).size).toBe(poolSize);

  await administrator.query('alter table spec_notes add column mood text');
  // The first meets one stale plan while the other connections wait with theirs.
  const after = [await prepared(), ...(await onEveryConnection()), ...(await onEveryConnection())];
  for (const rows of after) expect(rows).toEqual([{ body: 'kept', mood: null, pid: expect.any(Number) }]);
});

test('a feature that Postgres does not have is an error all the same', async () => {
  const unsupported = 'select max(n.body) from spec_notes n for update';
  const refused = (asked: Promise<unknown>) => asked.catch((error: unknown) => postgresCode(error));
  expect(await refused(database.query(unsupported))).toBe('0A000');
  expect(await refused(database.prepared('spec_unsupported', unsupported, []))).toBe('0A000');
});

test('I12: beyond the bound of the queue a statement fails at once, and the others run', async () => {
  const { poolQueue } = limits;
  limits.poolQueue = 2;
  try {
    const running = Array.from({ length: poolSize }, () => database.query('select pg_sleep(0.3)'));
    const waiting = [database.query('select 1'), database.transaction((client) => client.query('select 1'))];
    const refused = [
      database.query('select 1'),
      database.transaction((client) => client.query('select 1')),
      source.query('select 1'),
    ];
    for (const result of await Promise.allSettled(refused))
      expect(result.status === 'rejected' && isServerTrouble(result.reason.driverError ?? result.reason)).toBe(true);
    await Promise.all([...running, ...waiting]);
    await database.query('select 1');
  } finally {
    limits.poolQueue = poolQueue;
  }
});

test('every connection has the timeouts', async () => {
  const names = ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'];
  const settings = await Promise.all(
    Array.from({ length: poolSize }, () =>
      database.query<{ value: string }>('select current_setting(n) as value from unnest($1::text[]) n', [names]),
    ),
  );
  for (const rows of settings) expect(rows.map(({ value }) => value)).toEqual(['1s', '5s', '2s']);
});
