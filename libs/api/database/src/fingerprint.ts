import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';

/** Returns 16 hexadecimal digits by which this schema of this database differs from all others. */
export async function fingerprintOf(client: ClientBase): Promise<string> {
  const select = async (sql: string) => (await client.query<{ value: string }>(sql)).rows[0]!.value;
  // Some providers of PostgreSQL revoke the function.
  const mayRead = await select(`select has_function_privilege('pg_control_system()', 'execute')::text as value`);
  const server = await select(
    mayRead === 'true'
      ? 'select system_identifier::text as value from pg_control_system()'
      : 'select epoch_v1()::text as value',
  );
  const schema = await select(
    `select concat_ws('/', oid, current_schema()) as value from pg_database where datname = current_database()`,
  );
  return createHash('sha256').update(`${server}/${schema}`).digest('hex').slice(0, 16);
}
