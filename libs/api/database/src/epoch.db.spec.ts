import { Client } from 'pg';
import { testDatabase } from './testing/database';
import { restoreDump, takeDump, withClient } from './testing/dump';

const database = testDatabase();
const twin = testDatabase();

const epochOf = async ({ query }: Pick<typeof database, 'query'>) =>
  (await query<{ epoch: string }>('select epoch_v1() as epoch'))[0]!.epoch;

test.each([
  'vacuum freeze timelines',
  'vacuum full timelines',
  'cluster timelines using timelines_pkey',
  'alter table timelines add column spec_note text',
  'alter table timelines drop column spec_note',
  'reindex table timelines',
])('stays as it is after %s', async (maintenance) => {
  const epoch = await epochOf(database);
  await database.query(maintenance);
  await database.disconnectAll();
  expect(await epochOf(database)).toBe(epoch);
});

test.each([
  ['a new database', () => twin, {}],
  ['truncated tables', () => database, {}],
  ['truncated tables, with rows that are frozen at once', () => database, { isFrozen: true }],
])('is another one after a dump was restored into %s of the same server', async (_, target, options) => {
  const before = await epochOf(database);
  const dump = await takeDump(database.url);
  await restoreDump(target().url, dump, options);
  const after = await epochOf(target());
  expect(after).not.toBe(before);
  await target().query('vacuum freeze timelines');
  expect(await epochOf(target())).toBe(after);
});

test('is another one after a dump was restored into a database that had been emptied', async () => {
  const before = await epochOf(database);
  const dump = await takeDump(database.url);
  await database.query(
    `create table made_anew (like timelines including all); drop table timelines; alter table made_anew rename to timelines`,
  );
  await restoreDump(database.url, dump);
  const after = await epochOf(database);
  expect(after).not.toBe(before);
  expect(await epochOf(database)).toBe(after);
});

test('is another one in a clone of the database, which has the very same rows', async () => {
  const template = new URL(process.env['TEST_POSTGRES_URL']!);
  const name = new URL(database.url).pathname.slice(1);
  const addressOf = (path: string) => Object.assign(new URL(database.url), { pathname: path }).href;
  const clone = (from: string, to: string) =>
    withClient(addressOf('/postgres'), (client) => client.query(`create database ${to} template ${from}`));
  const asked = (of: string) =>
    withClient(addressOf(`/${of}`), async (client) => {
      const { rows } = await client.query<{ epoch: string }>('select epoch_v1() as epoch');
      return rows[0]!.epoch;
    });

  await clone(template.pathname.slice(1), `${name}_original`);
  const epoch = await asked(`${name}_original`);
  await clone(`${name}_original`, `${name}_clone`);
  const ofClone = await asked(`${name}_clone`);
  expect(ofClone).not.toBe(epoch);
  expect(await asked(`${name}_clone`)).toBe(ofClone);
  expect(await asked(`${name}_original`)).toBe(epoch);
});

test('is the same for all who ask at once after a restore', async () => {
  const before = await epochOf(database);
  await restoreDump(database.url, await takeDump(database.url));
  const clients = Array.from({ length: 8 }, () => new Client({ connectionString: database.url }));
  const barrier = new Client({ connectionString: database.url });
  await Promise.all([...clients, barrier].map((client) => client.connect()));
  // All stand before the row, and go on together.
  await barrier.query('begin; select from timelines for update');
  const answers = Promise.all(clients.map((client) => client.query<{ epoch: string }>('select epoch_v1() as epoch')));
  let isAnswered = false;
  void answers.then(() => (isAnswered = true));
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while (!isAnswered && (await database.query(waiting)).length < clients.length);
  await barrier.query('commit');
  const epochs = (await answers).map(({ rows }) => rows[0]!.epoch);
  await Promise.all([...clients, barrier].map((client) => client.end()));
  expect(new Set(epochs).size).toBe(1);
  expect(epochs[0]).not.toBe(before);
  expect(await epochOf(database)).toBe(epochs[0]);
});

test('settles also where it is asked for within a savepoint', async () => {
  await database.query('truncate timelines');
  const inside = await withClient(database.url, async (client) => {
    await client.query('begin; savepoint s');
    const { rows } = await client.query<{ epoch: string }>('select epoch_v1() as epoch');
    await client.query('release s; commit');
    return rows[0]!.epoch;
  });
  expect(await epochOf(database)).toBe(inside);
});
