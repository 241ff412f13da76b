import type { DataSource, DataSourceOptions } from 'typeorm';
import { postgresCode } from './database';

export interface ConnectionLimits {
  poolSize: number;
  lockTimeoutMs: number;
  statementTimeoutMs: number;
  idleInTransactionTimeoutMs: number;
  connectTimeoutMs: number;
}

export function dataSourceOptions(url: string | undefined, limits: ConnectionLimits) {
  return {
    type: 'postgres',
    url,
    synchronize: false,
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
  } satisfies DataSourceOptions;
}

/** Returns one sentence about a database that can't be connected to. */
export function connectionProblem(error: unknown): string {
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there; is PostgreSQL running?',
    ENOTFOUND: 'there is no such host.',
    EAI_AGAIN: 'there is no such host.',
    '28P01': 'the password is wrong.',
    '28000': 'the user may not log in.',
    '3D000': 'there is no such database; create it first.',
  };
  const reason = reasons[postgresCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
  return `Cannot use the database of DATABASE_URL: ${reason}`;
}

/** Returns the names of settings that are off, and without which an acknowledged message could be lost. */
export async function unsafeSettings(source: DataSource): Promise<string[]> {
  const rows = await source.query<{ name: string }[]>(
    `select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name`,
  );
  return rows.map((row) => row.name);
}
