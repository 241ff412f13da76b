import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import {
  ConfigurationError,
  ForwardMigration,
  type Schema,
  checksumOf,
  limits,
  migrate,
  migrationChecksums,
  readCatalogue,
} from '@cloudhop/api/core';
import { type TestDatabase, testDatabase } from '@cloudhop/api/core/testing';
import { Client } from 'pg';
import { schema } from '.';
import { version } from './version';

const fresh = testDatabase();
const empty = testDatabase({ isEmpty: true });
const older = testDatabase({ isEmpty: true });
const olderStill = testDatabase({ isEmpty: true });

/** The database as the last commit before the squash leaves it. Read it with `zcat`. */
const stateBeforeSquash = gunzipSync(readFileSync(join(__dirname, 'testing/state-9a790f3.sql.gz'))).toString();

const catalogueOf = (database: TestDatabase) => readCatalogue((sql, parameters) => database.query(sql, parameters));

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
    const { checksum, migrations } = version;
    expect({ checksum, migrations }).toEqual({ checksum: checksumOf(schema), migrations: migrationChecksums(schema) });
    expect(schema.oldestOrdinal).toBeLessThanOrEqual(schema.ordinal);
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
    expect(await migrate(empty.url, schema)).toMatchObject({ outcome: 'applied', retries: 0 });
    expect(await migrate(older.url, schema)).toMatchObject({
      migrations: ['SchemaRecords1800000005000', 'SupersededFunctions1800000006000'],
    });
    const made = await catalogueOf(empty);
    expect(made.length).toBeGreaterThan(300);
    expect(await catalogueOf(older)).toEqual(made);
    expect(await catalogueOf(fresh)).toEqual(made);
  });

  test('takes over no other older state, and leaves it as it is', async () => {
    await olderStill.query(`${stateBeforeSquash}; alter table drafts drop column body`);
    const before = await catalogueOf(olderStill);
    const refusal = migrate(olderStill.url, schema);
    await expect(refusal).rejects.toThrow('start commit 9a790f3 on it once, then this version');
    await expect(refusal).rejects.toMatchObject({ exitCode: 1 });
    expect(await catalogueOf(olderStill)).toEqual(before);
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
    // Somebody dropped it by hand.
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
    await expect(refusal).rejects.toMatchObject({ exitCode: 1 });
    await fresh.query('update schema_version set ordinal = $1, oldest_ordinal = $1', [schema.ordinal]);
  });

  test('several nodes that start at once apply it once', async () => {
    const changed = withFunction('spec_farewell', 'bye');
    const reports = await Promise.all([1, 2, 3].map(() => migrate(fresh.url, changed)));
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'current', 'current']);
  });

  describe('a table that is in use', () => {
    const before = limits.migrationLockMs;
    beforeAll(() => void (limits.migrationLockMs = 200));
    afterAll(() => void (limits.migrationLockMs = before));

    test('is waited for only so long at a time, so that readers get through, and is changed at last', async () => {
      const reader = new Client({ connectionString: fresh.url });
      await reader.connect();
      await reader.query('begin; select from drafts');
      const migrating = migrate(fresh.url, { ...schema, migrations: [...schema.migrations, AddsColumn] });
      // Whoever reads now stands behind the migration, until it gives up.
      await waiting(fresh);
      await fresh.query('select from drafts');
      await waiting(fresh);
      await reader.end();
      const report = await migrating;
      expect(report).toMatchObject({ migrations: ['AddsColumn2000000000000'] });
      expect(report.retries).toBeGreaterThan(0);
    });

    test('is given up with a sentence when it never comes free', async () => {
      const { migrationMs } = limits;
      limits.migrationMs = 100;
      const reader = new Client({ connectionString: fresh.url });
      await reader.connect();
      await reader.query('begin; lock table schema_files');
      await expect(migrate(fresh.url, withFunction('spec_late', 'late'))).rejects.toThrow('could not be changed');
      limits.migrationMs = migrationMs;
      await reader.end();
    });
  });
});

/** Resolves when a statement in the database waits for a lock. */
async function waiting(database: TestDatabase): Promise<void> {
  const sql = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await database.query(sql)).length === 0) await pause(5);
}
