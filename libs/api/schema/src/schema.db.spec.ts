import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { ConfigurationError, limits } from '@cloudhop/api/platform';
import {
  ForwardMigration,
  type Schema,
  checksumOf,
  migrate,
  migrationChecksums,
  readCatalogue,
} from '@cloudhop/api/database';
import { type TestDatabase, testDatabase } from '@cloudhop/api/database/testing';
import { Client } from 'pg';
import { schema } from '.';
import { migrations, versions } from './versions';

const fresh = testDatabase();
const empty = testDatabase({ isEmpty: true });
const older = testDatabase({ isEmpty: true });
const olderStill = testDatabase({ isEmpty: true });

/** The database as the last commit before the squash leaves it. Read it with `zcat`. */
const stateBeforeSquash = gunzipSync(readFileSync(join(__dirname, 'testing/state-9a790f3.sql.gz'))).toString();

const catalogueOf = (database: TestDatabase) => readCatalogue((sql, parameters) => database.query(sql, parameters));

let olderStates = 0;

/** The schema with one more function. */
function withFunction(name: string, result: string, changes: Partial<Schema> = {}): Schema {
  const text = `create or replace function ${name}() returns text language sql as $$ select '${result}' $$;`;
  const file = { kind: 'function', name, text, checksum: result } as const;
  return { ...schema, functions: [...schema.functions, file], ...changes };
}

class AddsColumn extends ForwardMigration {
  readonly name = 'AddsColumn2000000000000';
  readonly sql = 'alter table drafts add column mood text';
}

describe('the schema', () => {
  test('has the version that its checksums say', () => {
    const { ordinal } = schema;
    expect({ ordinal, checksum: versions[ordinal], migrations }).toEqual({
      ordinal,
      checksum: checksumOf(schema),
      migrations: migrationChecksums(schema),
    });
    expect(schema.oldestOrdinal).toBeLessThanOrEqual(ordinal);
    expect(versions[schema.oldestOrdinal]).toBeDefined();
  });

  test('takes every file of SQL that a library has', () => {
    const names = readdirSync(join(__dirname, '../..'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.includes('/sql/') && path.endsWith('.sql'))
      .map((path) => path.slice(path.lastIndexOf('/') + 1, -'.sql'.length));
    expect(names.sort()).toEqual([...schema.functions, ...schema.views].map(({ name }) => name).sort());
  });

  test.each([...schema.functions, ...schema.views])(
    '$name stands alone in its file, under its contract',
    ({ text }) => {
      expect(text).toMatch(/^--/);
      expect(text.match(/^create\b/gm)).toHaveLength(1);
      expect(text).not.toMatch(/begin atomic/i);
      expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
    },
  );

  test('has migrations without functions', () => {
    const texts = schema.migrations.map((Migration) => new Migration().sql);
    for (const text of texts) expect(text).not.toMatch(/create (or replace )?(function|procedure|view)/i);
  });
});

describe('migrating', () => {
  test('an empty database and one from before the squash become the same', async () => {
    await older.query(stateBeforeSquash);
    expect(await migrate(empty.url, schema)).toMatchObject({ outcome: 'applied' });
    // Additions of an operator.
    await older.query(
      'create index messages_by_author on messages (author_id); alter table messages set (fillfactor = 90)',
    );
    // They run in the order of their stamps, whichever library they are of.
    const all = Object.keys(migrationChecksums(schema)).sort((a, b) => Number(a.slice(-13)) - Number(b.slice(-13)));
    const { baselines } = schema.takeover;
    expect(await migrate(older.url, schema)).toMatchObject({
      migrations: all.filter((name) => !baselines.includes(name)),
    });
    await older.query('drop index messages_by_author; alter table messages reset (fillfactor)');
    const made = await catalogueOf(empty);
    expect(made.length).toBeGreaterThan(300);
    expect(await catalogueOf(older)).toEqual(made);
    expect(await catalogueOf(fresh)).toEqual(made);
  });

  test.each([
    ['with a column less', `${stateBeforeSquash}; alter table drafts drop column body`],
    ['of which a part was made', `create table migrations (name text); insert into migrations values ('Identity1')`],
  ])('takes over no older state %s, and leaves it as it is', async (_, sql) => {
    const schemaName = `older_${++olderStates}`;
    const url = await ownSchema(olderStill, schemaName);
    await withClient(url, (client) => client.query(sql));
    const refusal = migrate(url, schema);
    await expect(refusal).rejects.toThrow('start commit 9a790f3 on it once, then this version');
    await expect(refusal).rejects.toMatchObject({ name: 'ConfigurationError' });
    const [table] = await olderStill.query('select to_regclass($1) as name', [`${schemaName}.schema_version`]);
    expect(table).toEqual({ name: null });
  });

  test.each(['m', 'Own "schema"'])('uses the schema of its role, here %s, beside others', async (name) => {
    await olderStill.query('create table if not exists public.conversations (x integer)');
    const url = await ownSchema(olderStill, name);
    await withClient(url, (client) => client.query(stateBeforeSquash));
    expect(await migrate(url, schema)).toMatchObject({ outcome: 'applied' });
    expect(await migrate(url, schema)).toMatchObject({ outcome: 'current' });
  });

  test('a role without rights gets a sentence', async () => {
    const url = await ownSchema(olderStill, 'foreign');
    const broken = withFunction('spec_denied', 'x');
    const [first, ...rest] = broken.functions;
    const denied = { ...first!, text: 'create table pg_catalog.denied (x integer)', checksum: 'denied' };
    const refusal = migrate(url, { ...broken, functions: [denied, ...rest] });
    await expect(refusal).rejects.toThrow('The role of DATABASE_URL must own the tables of its schema');
    await expect(refusal).rejects.toThrow(ConfigurationError);
  });

  test('applies what changed, and nothing twice', async () => {
    const changed = withFunction('spec_greeting', 'hello');
    expect(await migrate(fresh.url, schema)).toMatchObject({ outcome: 'current' });
    expect(await migrate(fresh.url, changed)).toMatchObject({
      outcome: 'applied',
      functions: ['spec_greeting'],
      views: [],
    });
    expect(await migrate(fresh.url, changed)).toMatchObject({ outcome: 'current' });
    // An operator dropped it.
    await fresh.query('drop function spec_greeting()');
    expect(await migrate(fresh.url, changed)).toMatchObject({ functions: ['spec_greeting'] });
  });

  test('is all or nothing', async () => {
    const broken = withFunction('spec_broken', "' from nowhere", { migrations: [...schema.migrations, AddsColumn] });
    const before = await catalogueOf(fresh);
    await expect(migrate(fresh.url, broken)).rejects.toThrow();
    expect(await catalogueOf(fresh)).toEqual(before);
  });

  test('older code applies nothing where it still fits, and does not start where it does not', async () => {
    const newer = withFunction('spec_greeting', 'good evening', { ordinal: schema.ordinal + 2 });
    await migrate(fresh.url, { ...newer, oldestOrdinal: schema.ordinal + 1 });
    const greeting = async () => (await fresh.query('select spec_greeting() as said'))[0];

    const before = withFunction('spec_greeting', 'hello', { ordinal: schema.ordinal + 1 });
    expect(await migrate(fresh.url, before)).toMatchObject({ outcome: 'older', functions: [] });
    expect(await greeting()).toEqual({ said: 'good evening' });

    const refusal = migrate(fresh.url, schema);
    await expect(refusal).rejects.toThrow(ConfigurationError);
    await expect(refusal).rejects.toThrow('belongs to a newer Cloudhop');
    await expect(refusal).rejects.toMatchObject({ name: 'ConfigurationError' });
    await fresh.query('update schema_version set ordinal = $1, oldest_ordinal = $1', [schema.ordinal]);
  });

  test('a function that changes its signature is refused', async () => {
    const changed = withFunction('spec_greeting', 'hello');
    const [file] = changed.functions.slice(-1);
    const text = file!.text.replace('spec_greeting()', 'spec_greeting(p_to text)');
    const functions = [...schema.functions, { ...file!, text, checksum: 'another' }];
    await expect(migrate(fresh.url, { ...schema, functions })).rejects.toThrow('give it the next version in its name');
  });

  test('several nodes that start at once apply it once', async () => {
    const changed = withFunction('spec_farewell', 'bye');
    const reports = await Promise.all([1, 2, 3].map(() => migrate(fresh.url, changed)));
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'current', 'current']);
  });

  test('a node with nothing to apply starts while another one migrates; one that has waits for it', async () => {
    const other = new Client({ connectionString: fresh.url });
    await other.connect();
    await other.query('begin; select pg_advisory_xact_lock(4207849484); lock table schema_version in share mode');
    expect(await migrate(fresh.url, withFunction('spec_farewell', 'bye'))).toMatchObject({ outcome: 'current' });
    const events: string[] = [];
    const waits = new Promise<void>((resolve) => {
      const migrating = migrate(fresh.url, withFunction('spec_farewell', 'so long'), (event, { for: what }) => {
        events.push(`${event} ${what ?? ''}`.trim());
        if (event === 'schema_waits') void other.end();
      });
      void migrating.then(() => resolve());
    });
    await waits;
    expect(events).toEqual(['schema_waits another node that migrates', 'schema_applied']);
  });

  describe('a table that is in use', () => {
    const { migrationLockMs, migrationRetries } = limits;
    beforeAll(() => void Object.assign(limits, { migrationLockMs: 200, migrationRetries: 3 }));
    afterAll(() => void Object.assign(limits, { migrationLockMs, migrationRetries }));

    test('is waited for only so long at a time, so that readers get through, and is changed at last', async () => {
      const reader = new Client({ connectionString: fresh.url });
      await reader.connect();
      await reader.query('begin; select from drafts');
      let waits = 0;
      const added = { ...schema, migrations: [...schema.migrations, AddsColumn] };
      const migrating = migrate(fresh.url, added, (event) => void (waits += Number(event === 'schema_waits')));
      // A reader now waits behind the migration, until that gives up.
      await waitsForLock(fresh);
      await fresh.query('select from drafts');
      await waitsForLock(fresh);
      await reader.end();
      expect(await migrating).toMatchObject({ migrations: ['AddsColumn2000000000000'] });
      expect(waits).toBeGreaterThan(0);
    });

    test('is given up with a sentence when it never comes free', async () => {
      const reader = new Client({ connectionString: fresh.url });
      await reader.connect();
      await reader.query('begin; lock table schema_files in share mode');
      await expect(migrate(fresh.url, withFunction('spec_late', 'late'))).rejects.toThrow('could not be changed');
      await reader.end();
    });
  });
});

/** Resolves when a statement in the database waits for a lock. */
async function waitsForLock(database: TestDatabase): Promise<void> {
  const sql = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await database.query(sql)).length === 0) await pause(5);
}

/** Makes a schema in the database, and returns the address of a role's connection that uses it first. */
async function ownSchema(database: TestDatabase, name: string): Promise<string> {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  await database.query(`create schema ${quoted}`);
  const url = new URL(database.url);
  url.searchParams.set('options', `-c search_path=${quoted.replaceAll(' ', '\\ ')},public`);
  return url.href;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}
