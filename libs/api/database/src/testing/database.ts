import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of this spec file alone, cloned from the migrated template. */
export interface TestDatabase {
  /** Its address; there from beforeAll on. */
  readonly url: string;
  /** Runs SQL on a connection of its own, apart from whatever is being tested. */
  query<T>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
  /** Closes every other connection, as an administrator or a restart of Postgres would. */
  disconnectAll(): Promise<void>;
}

/**
 * Gives the spec file its own database: a clone of the migrated template, or an empty one. Call it at the top of the file;
 * the database is made before the tests. Only for *.db.spec.ts: the others have no Postgres.
 */
export function testDatabase({ isEmpty = false } = {}): TestDatabase {
  const template = process.env['TEST_POSTGRES_URL'];
  if (!template) throw new Error('testDatabase() is for *.db.spec.ts files, run through the db project of Jest');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const address = new URL(template);
  const templateName = address.pathname.slice(1);
  address.pathname = `/${name}`;
  let client: Client | undefined;

  beforeAll(async () => {
    // The template itself must stay without connections, else it can't be cloned.
    await administrate(template, `create database ${name} template ${isEmpty ? 'template0' : templateName}`);
    client = new Client({ connectionString: address.href });
    await client.connect();
  });
  afterAll(async () => {
    // The database itself goes with the whole server: whatever the file still runs may end after this.
    await client?.end();
  });

  return {
    url: address.href,
    async query<T>(sql: string, parameters: readonly unknown[] = []) {
      if (!client) throw new Error('the database is there from beforeAll on');
      return (await client.query(sql, [...parameters])).rows as T[];
    },
    async disconnectAll() {
      await this.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
        [name],
      );
    },
  };
}

async function administrate(template: string, statement: string): Promise<void> {
  const address = new URL(template);
  address.pathname = '/postgres';
  const client = new Client({ connectionString: address.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
