import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from './migrations';

/** Any number will do as long as nothing else of this database uses it: migrations of two nodes wait for each other. */
const migrationLock = 4_207_849_484;

export interface ConnectionLimits {
  poolSize: number;
  lockTimeoutMs: number;
  statementTimeoutMs: number;
  idleInTransactionTimeoutMs: number;
  connectTimeoutMs: number;
}

export function dataSourceOptions(url: string | undefined, limits: ConnectionLimits): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    synchronize: false,
    migrations,
    migrationsTransactionMode: 'each',
    applicationName: 'cloudhop',
    poolSize: limits.poolSize,
    poolErrorHandler: () => undefined,
    parseInt8: true,
    extra: {
      connectionTimeoutMillis: limits.connectTimeoutMs,
      options: [
        `-c lock_timeout=${limits.lockTimeoutMs}`,
        `-c statement_timeout=${limits.statementTimeoutMs}`,
        `-c idle_in_transaction_session_timeout=${limits.idleInTransactionTimeoutMs}`,
      ].join(' '),
    },
  };
}

/** Brings the database of `url` up to date. Safe to run from several processes at once. */
export async function runMigrations(url: string): Promise<void> {
  const source = new DataSource({
    ...dataSourceOptions(url, {
      poolSize: 2,
      lockTimeoutMs: 60_000,
      statementTimeoutMs: 300_000,
      idleInTransactionTimeoutMs: 300_000,
      connectTimeoutMs: 10_000,
    }),
    logging: false,
  });
  await source.initialize();
  try {
    const guard = source.createQueryRunner();
    try {
      await guard.query('select pg_advisory_lock($1)', [migrationLock]);
      await source.runMigrations();
    } finally {
      await guard.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
      await guard.release();
    }
  } finally {
    await source.destroy();
  }
}

/** The settings without which an acknowledged message could be lost, that are not on. */
export async function unsafeSettings(source: DataSource): Promise<string[]> {
  const rows = await source.query<{ name: string }[]>(
    `select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name`,
  );
  return rows.map((row) => row.name);
}
