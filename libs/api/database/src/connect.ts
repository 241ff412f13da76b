import type { ClientBase } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ConfigurationError, postgresCode } from '@cloudhop/api/platform';
import { sharesConnections } from './pooler';

export interface ConnectionLimits {
  poolSize: number;
  lockTimeoutMs: number;
  statementTimeoutMs: number;
  idleInTransactionTimeoutMs: number;
  connectTimeoutMs: number;
  /** Timeout for an answer, beyond that of the statement: a server that has stopped can't end its own statements. */
  answerTimeoutMs: number;
}

export function dataSourceOptions(url: string | undefined, limits: ConnectionLimits) {
  // As a statement, because PgBouncer refuses connections that begin with settings.
  const settings = [
    `set lock_timeout = ${limits.lockTimeoutMs}`,
    `set statement_timeout = ${limits.statementTimeoutMs}`,
    `set idle_in_transaction_session_timeout = ${limits.idleInTransactionTimeoutMs}`,
  ].join('; ');
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
      query_timeout: limits.answerTimeoutMs,
      keepAlive: true,
      onConnect: (client: ClientBase) => client.query(settings),
    },
  } satisfies DataSourceOptions;
}

/**
 * Connects. Throws a ConfigurationError with one sentence if that is not possible, or if the database may forget what it
 * acknowledged.
 */
export async function openDataSource(options: DataSourceOptions | undefined): Promise<DataSource> {
  if (options?.type !== 'postgres' || options.url === undefined) throw new ConfigurationError('Set DATABASE_URL.');
  let source: DataSource;
  try {
    source = await new DataSource(options).initialize();
  } catch (error) {
    throw new ConfigurationError(connectionProblem(error), { cause: error });
  }
  try {
    await requireOwnConnections(source, options.url);
    await requireSupported(source);
    await requireSafeSettings(source);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

/** The oldest major version of PostgreSQL that is supported. */
const minVersion = 17;

/**
 * Returns why a database can't be used, in one sentence: the server is too old, or the encoding can't hold every text.
 */
export function unsupportedReason({ version, encoding }: { version: number; encoding: string }): string | undefined {
  const major = Math.floor(version / 10_000);
  if (major < minVersion) return `PostgreSQL ${major} is too old: use ${minVersion} or newer.`;
  if (encoding === 'UTF8') return undefined;
  return `The database of DATABASE_URL has the encoding ${encoding} and can't hold every text: create one with encoding 'UTF8'.`;
}

async function requireOwnConnections(source: DataSource, url: string): Promise<void> {
  if (await sharesConnections(source, url))
    throw new ConfigurationError(
      'DATABASE_URL leads to a pooler that shares connections between clients: set pool_mode = session, or connect to PostgreSQL directly.',
    );
}

async function requireSupported(source: DataSource): Promise<void> {
  const [found] = await source.query<{ version: number; encoding: string }[]>(
    `select current_setting('server_version_num')::int as version, pg_encoding_to_char(d.encoding)::text as encoding
     from pg_database d where d.datname = current_database()`,
  );
  const reason = unsupportedReason(found!);
  if (reason !== undefined) throw new ConfigurationError(reason);
}

async function requireSafeSettings(source: DataSource): Promise<void> {
  const unsafe = await unsafeSettings(source);
  if (unsafe.length > 0)
    throw new ConfigurationError(
      `PostgreSQL has ${unsafe.join(', ')} off, so a crash could lose messages: turn it on.`,
    );
}

/** Returns one sentence about a database that can't be connected to. */
function connectionProblem(error: unknown): string {
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
async function unsafeSettings(source: DataSource): Promise<string[]> {
  const rows = await source.query<{ name: string }[]>(
    `select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name`,
  );
  return rows.map((row) => row.name);
}
