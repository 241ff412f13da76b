import { Client, type Connection, type Submittable } from 'pg';
import { testDatabase } from '../testing/database';

const database = testDatabase();
const twin = testDatabase();

/** Runs one COPY: sends `input` to the server, and collects what the server sends. */
class Copy implements Submittable {
  readonly done: Promise<string>;
  #output = '';
  #resolve!: (output: string) => void;
  #reject!: (error: Error) => void;

  constructor(
    private readonly sql: string,
    private readonly input = '',
  ) {
    this.done = new Promise((resolve, reject) => ([this.#resolve, this.#reject] = [resolve, reject]));
  }

  submit(connection: Connection): void {
    connection.query(this.sql);
  }

  handleCopyInResponse(connection: Connection & Record<'sendCopyFromChunk' | 'endCopyFrom', (chunk?: Buffer) => void>) {
    connection.sendCopyFromChunk(Buffer.from(this.input));
    connection.endCopyFrom();
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#output += chunk.toString();
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#output);
  }

  handleCommandComplete(): void {}
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

const copy = (client: Client, sql: string, input?: string) => client.query(new Copy(sql, input)).done;

const epochOf = async ({ query }: Pick<typeof database, 'query'>) =>
  (await query<{ epoch: string }>('select epoch_v1() as epoch'))[0]!.epoch;

/** Puts the rows of a dump into a table that has none, as pg_restore does. */
const fill = (url: string, dump: string) =>
  withClient(url, (client) => copy(client, 'copy timelines from stdin', dump));
const dumpOf = (url: string) => withClient(url, (client) => copy(client, 'copy timelines to stdout'));

test('stays as it is for the same row in the same database, however the row is stored', async () => {
  const epoch = await epochOf(database);
  for (const maintenance of [
    'vacuum freeze timelines',
    'vacuum full timelines',
    'cluster timelines using timelines_pkey',
    'analyze timelines',
    'alter table timelines add column spec_note text',
    'alter table timelines drop column spec_note',
    'reindex table timelines',
  ]) {
    await database.query(maintenance);
    expect([maintenance, await epochOf(database)]).toEqual([maintenance, epoch]);
  }
  await database.disconnectAll();
  expect(await epochOf(database)).toBe(epoch);
});

test.each([
  ['a new database', () => twin, `truncate timelines`],
  ['truncated tables', () => database, `truncate timelines`],
  ['emptied tables', () => database, `delete from timelines`],
  [
    'tables made anew',
    () => database,
    `create table copied (like timelines including all);
    drop table timelines; alter table copied rename to timelines`,
  ],
])('is another one after a dump was restored into %s of the same server', async (_, target, prepare) => {
  const before = await epochOf(database);
  const dump = await dumpOf(database.url);
  await target().query(prepare);
  await fill(target().url, dump);
  const after = await epochOf(target());
  expect(after).not.toBe(before);
  expect(await epochOf(target())).toBe(after);
});

test('is another one after a dump was restored with rows that are frozen from the start', async () => {
  const before = await epochOf(database);
  const dump = await dumpOf(database.url);
  await withClient(database.url, async (client) => {
    await client.query('begin; truncate timelines');
    await copy(client, 'copy timelines from stdin (freeze)', dump);
    await client.query('commit');
  });
  const after = await epochOf(database);
  expect(after).not.toBe(before);
  await database.query('vacuum freeze timelines');
  expect(await epochOf(database)).toBe(after);
});

test('is another one in a clone of the database, which has the very same rows', async () => {
  const template = new URL(process.env['TEST_POSTGRES_URL']!);
  const name = new URL(database.url).pathname.slice(1);
  const addressOf = (path: string) => Object.assign(new URL(database.url), { pathname: path }).href;
  const clone = (from: string, to: string) =>
    withClient(addressOf('/postgres'), (client) => client.query(`create database ${to} template ${from}`));
  const asked = (to: string) =>
    withClient(addressOf(`/${to}`), async (client) =>
      epochOf({ query: async (sql) => (await client.query(sql)).rows }),
    );

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
  const dump = await dumpOf(database.url);
  await database.query('truncate timelines');
  await fill(database.url, dump);
  const clients = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      return client;
    }),
  );
  // All stand before the row, and go on together.
  const barrier = new Client({ connectionString: database.url });
  await barrier.connect();
  await barrier.query('begin; select from timelines for update');
  const asked = clients.map((client) => client.query<{ epoch: string }>('select epoch_v1() as epoch'));
  const answers = Promise.all(asked);
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

test('is made anew where its row is gone: what the restore of a physical copy does', async () => {
  const before = await epochOf(database);
  await database.query('delete from timelines');
  const after = await epochOf(database);
  expect(after).not.toBe(before);
  expect(await epochOf(database)).toBe(after);
});
