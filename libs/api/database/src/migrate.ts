import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, type Logger, Migration, MigrationExecutor, type QueryRunner } from 'typeorm';
import { ConfigurationError, isRetriable, limits, type LogFields, postgresCode } from '@cloudhop/api/platform';
import { fingerprintOf } from './catalogue';
import { dataSourceOptions, openDataSource } from './connect';
import type { Schema, SqlFile } from './schema';

/** Advisory lock of the migration. Any number that nothing else in this database uses. */
const migrationLock = 4_207_849_484;
/** Pause before another look at a database that another node migrates. Milliseconds. */
const otherNodeMs = 500;

export interface MigrationReport {
  /** `older`: a newer release has been here, and this code applied nothing. */
  readonly outcome: 'applied' | 'current' | 'older';
  readonly migrations: readonly string[];
  readonly functions: readonly string[];
  readonly views: readonly string[];
}

/** Listener of the migration's progress: waits, and what was applied. */
export type MigrationListener = (event: string, fields: LogFields) => void;

/** TypeORM would print what it does as plain text, and a lock that was not granted as a failure. */
const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

const nothing = { migrations: [], functions: [], views: [] };

/**
 * Brings the database of `url` up to `schema`, in one transaction: versioned migrations first, then the functions and
 * views whose text changed. Safe to run from several processes at once, and while the release before is in use: a lock
 * that is not granted within limits.migrationLockMs rolls everything back, and it is tried again. Takes no lock if there
 * is nothing to apply.
 * Throws a ConfigurationError that says what to do if the database can't be used by this code.
 */
export async function migrate(
  url: string | undefined,
  schema: Schema,
  onEvent: MigrationListener = () => undefined,
): Promise<MigrationReport> {
  const source = await connect(url, schema);
  try {
    const standing = await readStanding(source, schema);
    if (standing !== undefined) {
      if (standing.outcome === 'older') onEvent('schema_is_newer', { ordinal: schema.ordinal });
      return standing;
    }
    const report = await retrying(onEvent, () => migrateOnce(source, schema));
    const { outcome, migrations, functions, views } = report;
    if (outcome === 'applied')
      onEvent('schema_applied', {
        ordinal: schema.ordinal,
        names: [...migrations, ...functions, ...views].join(' '),
      });
    return report;
  } catch (error) {
    throw explained(error);
  } finally {
    await source.destroy();
  }
}

function connect(url: string | undefined, schema: Schema): Promise<DataSource> {
  return openDataSource({
    ...dataSourceOptions(url, {
      poolSize: 1,
      lockTimeoutMs: limits.migrationLockMs,
      statementTimeoutMs: limits.migrationStatementMs,
      idleInTransactionTimeoutMs: limits.migrationStatementMs,
      connectTimeoutMs: limits.databaseConnectTimeoutMs,
      answerTimeoutMs: limits.migrationStatementMs + limits.databaseAnswerMarginMs,
    }),
    migrations: [...schema.migrations],
    logger: silent,
  });
}

/** Returns a sentence instead of what Postgres says of a role without rights, or a statement without end. */
function explained(error: unknown): unknown {
  if (postgresCode(error) === '42501')
    return new ConfigurationError(
      `The role of DATABASE_URL must own the tables of its schema and may create more: ${(error as Error).message}.`,
      { cause: error },
    );
  if (postgresCode(error) === '57014')
    return new ConfigurationError('A statement of the migration took too long, and was rolled back: start again.', {
      cause: error,
    });
  return error;
}

/** Runs `work` again while another node migrates, and, for a while, when a lock was not granted. */
async function retrying(
  onEvent: MigrationListener,
  work: () => Promise<MigrationReport | undefined>,
): Promise<MigrationReport> {
  let [retries, isWaiting] = [0, false];
  for (;;) {
    try {
      const report = await work();
      if (report) return report;
      if (!isWaiting) onEvent('schema_waits', { for: 'another node that migrates' });
      isWaiting = true;
      await pause(otherNodeMs);
    } catch (error) {
      if (!isRetriable(error) || postgresCode(error) === '57014') throw error;
      if (++retries > limits.migrationRetries)
        throw new ConfigurationError(
          'The tables are in use and could not be changed: end long transactions of this database, then start again.',
          { cause: error },
        );
      onEvent('schema_waits', { for: 'a lock', retries });
      await pause(limits.migrationLockMs * (0.5 + Math.random()));
    }
  }
}

/** Migrates in one transaction. Returns nothing while another node does. */
async function migrateOnce(source: DataSource, schema: Schema): Promise<MigrationReport | undefined> {
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    const [lock] = await query<{ is_ours: boolean }>(runner, 'select pg_try_advisory_xact_lock($1) as is_ours', [
      migrationLock,
    ]);
    // Another node may have been here since the first look.
    const report = lock!.is_ours
      ? ((await readStanding(runner, schema)) ?? {
          outcome: 'applied' as const,
          ...(await apply(runner, source, schema)),
        })
      : undefined;
    await runner.commitTransaction();
    return report;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

interface Version {
  ordinal: number;
  oldest_ordinal: number;
}

/** Returns a report if there is nothing to apply. Throws if this code is too old for the database. */
async function readStanding(runner: Queryable, schema: Schema): Promise<MigrationReport | undefined> {
  if (!(await hasTable(runner, 'schema_version'))) return undefined;
  const [version] = await query<Version>(runner, 'select ordinal, oldest_ordinal from schema_version');
  if (version === undefined) return undefined;
  if (schema.ordinal < version.oldest_ordinal)
    throw new ConfigurationError(
      `This database belongs to a newer Cloudhop (schema ${version.ordinal}, this one is ${schema.ordinal}): start that version.`,
    );
  if (schema.ordinal < version.ordinal) return { outcome: 'older', ...nothing };
  if (schema.ordinal > version.ordinal || version.oldest_ordinal !== schema.oldestOrdinal) return undefined;
  const names = schema.migrations.map((Migration) => new Migration().name);
  const [pending] = await query(
    runner,
    'select from unnest($1::text[]) as m(name) where not exists (select from migrations d where d.name = m.name)',
    [names],
  );
  const isChanged = await readChanges(runner);
  const isCurrent = pending === undefined && ![...schema.functions, ...schema.views].some(isChanged);
  return isCurrent ? { outcome: 'current', ...nothing } : undefined;
}

async function apply(runner: QueryRunner, source: DataSource, schema: Schema) {
  const executor = new MigrationExecutor(source, runner);
  // The transaction is ours.
  executor.transaction = 'none';
  if (await isFromBeforeSquash(runner, schema)) await takeOver(runner, executor, schema);
  const migrations = await executor.executePendingMigrations();
  const isChanged = await readChanges(runner);
  const functions = schema.functions.filter(isChanged);
  const views = schema.views.filter(isChanged);
  // Functions name views and views call functions: bodies are checked once both are there.
  await runner.query('set local check_function_bodies = off');
  for (const { text } of [...functions, ...views]) await runner.query(text);
  await runner.query('set local check_function_bodies = on');
  for (const { text } of functions) await runner.query(text);
  await requireOneSignature(runner, functions);
  await recordChecksums(runner, [...functions, ...views]);
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

async function isFromBeforeSquash(runner: QueryRunner, { takeover }: Schema): Promise<boolean> {
  if (!(await hasTable(runner, 'migrations')) || (await hasTable(runner, 'schema_version'))) return false;
  const [other] = await query(runner, 'select from migrations where name <> all ($1)', [takeover.baselines]);
  return other !== undefined;
}

/** Records that a database from before the squash has the baselines, if it is in the one state that is known. */
async function takeOver(runner: QueryRunner, executor: MigrationExecutor, schema: Schema): Promise<void> {
  const { commit, fingerprint, baselines } = schema.takeover;
  const found = await fingerprintOf((sql, parameters) => query(runner, sql, parameters));
  if (found !== fingerprint)
    throw new ConfigurationError(
      `This database was made by an older Cloudhop: start commit ${commit} on it once, then this version.`,
    );
  for (const name of baselines) await executor.insertMigration(new Migration(undefined, Number(name.slice(-13)), name));
}

/** Returns a test for files that were never applied, were applied with another text, or whose object is missing. */
async function readChanges(runner: Queryable): Promise<(file: SqlFile) => boolean> {
  const applied = await query<{ name: string; checksum: string }>(
    runner,
    `select f.name, f.checksum from schema_files f
     where exists (select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where p.proname = f.name and n.nspname = current_schema())
       or to_regclass(format('%I.%I', current_schema(), f.name)) is not null`,
  );
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  return ({ name, checksum }) => checksums.get(name) !== checksum;
}

/** A changed signature does not replace a function: it makes a second one beside it. */
async function requireOneSignature(runner: QueryRunner, functions: readonly SqlFile[]): Promise<void> {
  const [twice] = await query<{ name: string }>(
    runner,
    `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = current_schema() and p.proname = any ($1) group by p.proname having count(*) > 1`,
    [functions.map(({ name }) => name)],
  );
  if (twice) throw new Error(`${twice.name} has another signature now: give it the next version in its name`);
}

async function recordChecksums(runner: QueryRunner, files: readonly SqlFile[]): Promise<void> {
  await runner.query(
    `insert into schema_files (name, checksum) select name, checksum from unnest($1::text[], $2::text[]) as f(name, checksum)
     on conflict (name) do update set checksum = excluded.checksum, applied_at = now()`,
    [files.map(({ name }) => name), files.map(({ checksum }) => checksum)],
  );
}

type Queryable = Pick<DataSource, 'query'> | Pick<QueryRunner, 'query'>;

async function hasTable(runner: Queryable, table: string): Promise<boolean> {
  const [row] = await query<{ is_there: boolean }>(
    runner,
    `select to_regclass(format('%I.%I', current_schema(), $1::text)) is not null as is_there`,
    [table],
  );
  return row!.is_there;
}

async function query<T>(runner: Queryable, sql: string, parameters?: unknown[]): Promise<T[]> {
  return (await runner.query(sql, parameters)) as T[];
}
