import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';

const connectWithinMs = 2_000;
/** More than the segments that Postgres makes ahead. */
const walMegabytes = 128;

/** The database that both nodes share: it can be ended like a machine whose power goes, and is back by itself. */
export class PostgresUnderTest {
  constructor(private readonly url: string) {}

  /** Runs SQL, again while Postgres is away, until `deadline`. */
  async query<T extends QueryResultRow>(sql: string, parameters: unknown[], deadline: number): Promise<T[]> {
    for (;;) {
      try {
        return await this.#queryOnce<T>(sql, parameters);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await wait(100);
      }
    }
  }

  /** Ends it in immediate mode: no checkpoint, no farewell. False when it was away already. */
  async crash(): Promise<boolean> {
    try {
      await this.#connected(async (client) => {
        const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
        process.kill(parentOf(rows[0]!.pid), 'SIGQUIT');
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Writes to the write-ahead log alone, more than it can hold, until Postgres ends or its disk has room again. */
  async exhaustWal(): Promise<void> {
    await this.#connected(async (client) => {
      for (let megabytes = 0; megabytes < walMegabytes; megabytes++)
        await client.query(`select pg_logical_emit_message(false, 'chaos', repeat('x', 1048576))`);
    }).catch(() => undefined);
  }

  async #queryOnce<T extends QueryResultRow>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.#connected(async (client) => (await client.query<T>(sql, parameters)).rows);
  }

  async #connected<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({
      connectionString: this.url,
      connectionTimeoutMillis: connectWithinMs,
      query_timeout: 10_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      client.end().catch(() => undefined);
    }
  }
}

/** The parent of a backend is the postmaster; a backend lives as long as its connection. */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
