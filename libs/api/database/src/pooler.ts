import { Client, type ClientBase, type QueryResult } from 'pg';
import type { DataSource } from 'typeorm';

/** Rounds of the comparison: a busy pooler hands connections out in any order. */
const rounds = 10;
/** Message of a pooler that takes no transactions at all. */
const statementMode = /pooling mode/;

/**
 * Returns true if a pooler gives the connection of one client to another between two transactions, as PgBouncer does with
 * `pool_mode = transaction`. Settings, prepared statements and timeouts of a session don't hold there. Costs one statement
 * if there is no pooler.
 */
export async function sharesConnections(source: DataSource, url: string): Promise<boolean> {
  const runner = source.createQueryRunner();
  try {
    const client = (await runner.connect()) as ClientBase & { processID: number | null };
    // A pooler can't tell its clients the process of the server: it may be another one for the next transaction.
    const own = await backendOf(client);
    if (own === client.processID) return false;
    return await isShared(client, own, url);
  } catch (error) {
    if (error instanceof Error && statementMode.test(error.message)) return true;
    throw error;
  } finally {
    await runner.release();
  }
}

/** Returns true if two clients meet the same process, or one of them meets two. */
async function isShared(client: ClientBase, own: number, url: string): Promise<boolean> {
  const other = new Client({ connectionString: url });
  other.on('error', () => undefined);
  try {
    await other.connect();
    const others = await backendOf(other);
    if (others === own) return true;
    for (let round = 0; round < rounds; round++)
      if ((await backendOf(client)) !== own || (await backendOf(other)) !== others) return true;
    return false;
  } finally {
    await other.end().catch(() => undefined);
  }
}

/** Returns the process of the server that runs a transaction of this client. */
async function backendOf(client: ClientBase): Promise<number> {
  // In one round trip: a process that starts on a busy machine must not be idle in a transaction.
  const results = (await client.query(
    'begin; select pg_backend_pid() as pid; commit',
  )) as unknown as readonly QueryResult<{ pid: number }>[];
  return results[1]!.rows[0]!.pid;
}
