import { Client, type Connection, type Submittable } from 'pg';

/** A logical backup: the rows of every table, in an order in which foreign keys hold. */
export type Dump = readonly { readonly table: string; readonly columns: string; readonly rows: string }[];

/** Takes a logical backup of a database, as pg_dump does, by COPY. */
export async function takeDump(url: string): Promise<Dump> {
  return withClient(url, async (client) => {
    await client.query('begin isolation level repeatable read');
    const dump: { table: string; columns: string; rows: string }[] = [];
    for (const { table, columns } of await tablesOf(client))
      dump.push({ table, columns, rows: await copy(client, `copy ${table} (${columns}) to stdout`) });
    return dump;
  });
}

/**
 * Replaces every row of a database with those of a dump, as `pg_restore --single-transaction --data-only` does after
 * a truncate. Leaves the connections of others alone.
 */
export async function restoreDump(url: string, dump: Dump, { isFrozen = false } = {}): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`begin; truncate ${dump.map(({ table }) => table).join(', ')}`);
    for (const { table, columns, rows } of dump)
      await copy(client, `copy ${table} (${columns}) from stdin${isFrozen ? ' (freeze)' : ''}`, rows);
    await client.query('commit');
  });
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

/** Returns the tables with those first that others refer to. */
async function tablesOf(client: Client): Promise<{ table: string; columns: string }[]> {
  const { rows } = await client.query<{ table: string; columns: string; needs: string[] }>(
    `select c.oid::regclass::text as table,
       (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       array(select k.confrelid::regclass::text from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
     from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace order by 1`,
  );
  const sorted: typeof rows = [];
  while (sorted.length < rows.length) {
    const isDone = (table: string) => sorted.some((row) => row.table === table);
    const next = rows.find(({ table, needs }) => !isDone(table) && needs.every(isDone));
    if (next === undefined) throw new Error('the foreign keys form a circle');
    sorted.push(next);
  }
  return sorted;
}

const copy = (client: Client, sql: string, input?: string): Promise<string> => client.query(new Copy(sql, input)).done;

/** One COPY: sends `input` to the server and collects what the server sends. */
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

  handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
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
