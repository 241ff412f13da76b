import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, Migration, MigrationExecutor, type QueryRunner } from 'typeorm';
import { ConfigurationError } from '../configuration-error';
import { limits } from '../limits';
import { fingerprintOf } from './catalogue';
import { connectionProblem, dataSourceOptions } from './connect';
import { isRetriable } from './database';
import type { Schema, SqlFile } from './schema';

/** Advisory lock of the migration. Any number that nothing else in this database uses. */
const migrationLock = 4_207_849_484;

export interface MigrationReport {
  /** `older`: a newer release has been here, and this code applied nothing. */
  readonly outcome: 'applied' | 'current' | 'older';
  readonly migrations: readonly string[];
  readonly functions: readonly string[];
  readonly views: readonly string[];
  /** Transactions that were rolled back because a lock was not granted in time. */
  readonly retries: number;
}

const nothing = { migrations: [], functions: [], views: [] };

/**
 * Brings the database of `url` up to `schema`, in one transaction: versioned migrations first, then the functions and
 * views whose text changed. Safe to run from several processes at once, and while the release before is in use: a lock
 * that is not granted within limits.migrationLockMs rolls everything back, and it is tried again.
 * Throws a ConfigurationError that says what to do if the database can't be used by this code.
 */
export async function migrate(url: string | undefined, schema: Schema): Promise<MigrationReport> {
  if (url === undefined) throw new ConfigurationError('Set DATABASE_URL.');
  const source = new DataSource({
    ...dataSourceOptions(url, {
      poolSize: 1,
      lockTimeoutMs: limits.migrationLockMs,
      statementTimeoutMs: limits.migrationStatementMs,
      idleInTransactionTimeoutMs: limits.migrationStatementMs,
      connectTimeoutMs: limits.databaseConnectTimeoutMs,
    }),
    migrations: [...schema.migrations],
    logging: false,
  });
  try {
    await source.initialize();
  } catch (error) {
    throw new ConfigurationError(connectionProblem(error), { cause: error });
  }
  try {
    return await retrying((retries) => migrateOnce(source, schema, retries));
  } finally {
    await source.destroy();
  }
}

/** Runs `work` again while a lock is not granted, with a pause in which others get through. */
async function retrying(work: (retries: number) => Promise<MigrationReport>): Promise<MigrationReport> {
  const deadline = Date.now() + limits.migrationMs;
  for (let retries = 0; ; retries++) {
    try {
      return await work(retries);
    } catch (error) {
      if (!isRetriable(error)) throw error;
      if (Date.now() > deadline)
        throw new ConfigurationError(
          'The tables are in use and could not be changed: end long transactions of this database, then start again.',
          { cause: error },
        );
      await pause(limits.migrationLockMs * (0.5 + Math.random()));
    }
  }
}

async function migrateOnce(source: DataSource, schema: Schema, retries: number): Promise<MigrationReport> {
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    const state = await readState(runner);
    if (state && schema.ordinal < state.oldest_ordinal)
      throw new ConfigurationError(
        `This database belongs to a newer Cloudhop (schema ${state.ordinal}, this one is ${schema.ordinal}): start that version.`,
        { exitCode: 1 },
      );
    const isOlder = state !== undefined && schema.ordinal < state.ordinal;
    const applied = isOlder ? nothing : await apply(runner, source, schema, state !== undefined);
    await runner.commitTransaction();
    const count = applied.migrations.length + applied.functions.length + applied.views.length;
    return { outcome: isOlder ? 'older' : count > 0 ? 'applied' : 'current', ...applied, retries };
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

interface State {
  ordinal: number;
  oldest_ordinal: number;
}

async function readState(runner: QueryRunner): Promise<State | undefined> {
  if (!(await exists(runner, 'schema_version'))) return undefined;
  const [state] = await query<State>(runner, 'select ordinal, oldest_ordinal from schema_version');
  return state;
}

async function apply(runner: QueryRunner, source: DataSource, schema: Schema, isKnown: boolean) {
  const executor = new MigrationExecutor(source, runner);
  // The transaction is ours.
  executor.transaction = 'none';
  if (!isKnown && (await exists(runner, 'conversations'))) await takeOver(runner, executor, schema);
  const migrations = await executor.executePendingMigrations();
  const isChanged = await changes(runner);
  const functions = schema.functions.filter(isChanged);
  const views = schema.views.filter(isChanged);
  // Functions name views and views call functions: bodies are checked once both are there.
  await runner.query('set local check_function_bodies = off');
  for (const { text } of [...functions, ...views]) await runner.query(text);
  await runner.query('set local check_function_bodies = on');
  for (const { text } of functions) await runner.query(text);
  await record(runner, [...functions, ...views]);
  await runner.query(
    `insert into schema_version (ordinal, oldest_ordinal) values ($1, $2)
     on conflict (only_row) do update set ordinal = excluded.ordinal, oldest_ordinal = excluded.oldest_ordinal`,
    [schema.ordinal, schema.oldestOrdinal],
  );
  return {
    migrations: migrations.map(({ name }) => name),
    functions: functions.map(({ name }) => name),
    views: views.map(({ name }) => name),
  };
}

/** Records that a database from before the squash has the baselines, if it is in the one state that is known. */
async function takeOver(runner: QueryRunner, executor: MigrationExecutor, schema: Schema): Promise<void> {
  const { commit, fingerprint, baselines } = schema.takeover;
  const found = await fingerprintOf((sql, parameters) => query(runner, sql, parameters));
  if (found !== fingerprint)
    throw new ConfigurationError(
      `This database was made by an older Cloudhop: start commit ${commit} on it once, then this version.`,
      { exitCode: 1 },
    );
  for (const name of baselines) await executor.insertMigration(new Migration(undefined, Number(name.slice(-13)), name));
}

/** Returns a test for files that were never applied, were applied with another text, or whose object is missing. */
async function changes(runner: QueryRunner): Promise<(file: SqlFile) => boolean> {
  const applied = await query<{ name: string; checksum: string }>(
    runner,
    `select f.name, f.checksum from schema_files f
     where exists (select from pg_proc p where p.proname = f.name and p.pronamespace = current_schema()::regnamespace)
       or to_regclass(f.name) is not null`,
  );
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  return ({ name, checksum }) => checksums.get(name) !== checksum;
}

async function record(runner: QueryRunner, files: readonly SqlFile[]): Promise<void> {
  await runner.query(
    `insert into schema_files (name, checksum) select name, checksum from unnest($1::text[], $2::text[]) as f(name, checksum)
     on conflict (name) do update set checksum = excluded.checksum, applied_at = now()`,
    [files.map(({ name }) => name), files.map(({ checksum }) => checksum)],
  );
}

async function exists(runner: QueryRunner, table: string): Promise<boolean> {
  const [row] = await query<{ is_there: boolean }>(runner, 'select to_regclass($1) is not null as is_there', [table]);
  return row!.is_there;
}

async function query<T>(runner: QueryRunner, sql: string, parameters?: unknown[]): Promise<T[]> {
  return (await runner.query(sql, parameters)) as T[];
}
