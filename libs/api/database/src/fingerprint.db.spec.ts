import type { ClientBase } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './connect';
import { Database } from './database';
import { fingerprintOf } from './fingerprint';
import { testDatabase } from './testing/database';

const administrator = testDatabase();
const twin = testDatabase();

async function fingerprintAt(url: string): Promise<string> {
  const timeouts = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 2_000 };
  const source = await new DataSource(
    dataSourceOptions(url, { ...timeouts, poolSize: 1, connectTimeoutMs: 5_000, answerTimeoutMs: 7_000 }),
  ).initialize();
  try {
    const database = new Database(source);
    await database.start();
    return database.fingerprint;
  } finally {
    await source.destroy();
  }
}

test('a fingerprint is the same on every node, and another one for a copy of the database', async () => {
  const fingerprint = await fingerprintAt(administrator.url);
  expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(await fingerprintAt(administrator.url)).toBe(fingerprint);
  expect(await fingerprintAt(twin.url)).not.toBe(fingerprint);
});

test('without the right to read the identity of the server, the timeline takes its place', async () => {
  const asked: string[] = [];
  const client = {
    query: async (sql: string) => {
      asked.push(sql);
      if (sql.includes('has_function_privilege')) return { rows: [{ value: 'false' }] };
      return administrator.query(sql).then((rows) => ({ rows }));
    },
  };
  expect(await fingerprintOf(client as unknown as ClientBase)).toMatch(/^[0-9a-f]{16}$/);
  expect(asked.join()).not.toContain('from pg_control_system');
});
