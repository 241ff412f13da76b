import type { TestDatabase } from '@cloudhop/api/database/testing';

/** Error that Postgres reports for every row that is read or written. */
interface RowError {
  sqlState: string;
  /** Stands in message, detail and hint. */
  text: string;
}

/** Makes Postgres fail on purpose, in every table and for reads too, without harm to the rows. */
export interface DatabaseTrouble {
  begin(error: RowError): Promise<void>;
  end(): Promise<void>;
  /** Returns how many statements failed since the last `begin`. */
  failedStatements(): Promise<number>;
}

const signature = 'create or replace function trouble() returns boolean language plpgsql as';

/**
 * Prepares a database whose trouble can begin and end, in all tables but `spared`. Row security asks the function for
 * each row.
 */
export async function databaseTrouble(database: TestDatabase, spared: string[] = []): Promise<DatabaseTrouble> {
  await database.query('create sequence troubles');
  await database.query(`${signature} $$begin return true; end$$`);
  const tables = await database.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
       and relname <> all ($1)`,
    [spared],
  );
  for (const { name } of tables)
    await database.query(
      `alter table ${name} enable row level security, force row level security;
       create policy trouble on ${name} using (trouble()) with check (trouble())`,
    );
  const literal = async (text: string) =>
    (await database.query<{ quoted: string }>('select quote_literal($1::text) as quoted', [text]))[0]!.quoted;
  return {
    async begin({ sqlState, text }) {
      const quoted = await literal(text);
      await database.query(`select setval('troubles', 1, false)`);
      await database.query(
        `${signature} $trouble$begin
           perform nextval('troubles');
           raise exception using errcode = '${sqlState}', message = ${quoted}, detail = ${quoted}, hint = ${quoted};
         end$trouble$`,
      );
    },
    async end() {
      await database.query(`${signature} $$begin return true; end$$`);
    },
    async failedStatements() {
      const [row] = await database.query<{ count: number }>(
        'select (case when is_called then last_value else 0 end)::int as count from troubles',
      );
      return row!.count;
    },
  };
}
