import { Client } from 'pg';

interface Table {
  name: string;
  options: string | null;
  lines: string[];
}

/** What Postgres itself says of its columns and constraints, in the order in which they were made. */
const tablesQuery = `
  select c.relname as name, array_to_string(c.reloptions, ', ') as options,
    array(
      select format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
        || case when a.attidentity <> '' then ' generated always as identity' else '' end
        || case when a.attgenerated <> '' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
                when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
        || case when a.attnotnull then ' not null' else '' end
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum
    ) || array(
      select format('constraint %I %s', conname, pg_get_constraintdef(oid)) from pg_constraint
      where conrelid = c.oid and contype <> 'n' order by contype = 'p' desc, conname
    ) as lines
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
  order by c.relname`;

const statementsQuery = `
  select pg_get_indexdef(i.indexrelid) as statement from pg_index i
    join pg_class c on c.oid = i.indrelid join pg_class n on n.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and c.relname <> 'migrations'
      and not exists (select from pg_constraint where conindid = i.indexrelid)
    order by c.relname, n.relname`;

const viewsQuery = `
  select format(E'create view %I as\\n%s', relname, rtrim(pg_get_viewdef(oid, true), ';')) as statement from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('v', 'm') order by relname`;

const functionsQuery = `
  select rtrim(pg_get_functiondef(oid)) as statement from pg_proc
    where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
    order by proname, pg_get_function_identity_arguments(oid)`;

const triggersQuery = `
  select pg_get_triggerdef(t.oid) as statement from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not t.tgisinternal order by c.relname, t.tgname`;

function createTable({ name, options, lines }: Table): string {
  return `create table ${name} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)${options ? ` with (${options})` : ''};`;
}

/** The tables, indexes, views, functions and triggers of a migrated database, as SQL that people read. */
export async function schemaDocument(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const tables = (await client.query<Table>(tablesQuery)).rows.map(createTable);
    const others: string[] = [];
    for (const query of [statementsQuery, viewsQuery, functionsQuery, triggersQuery]) {
      const { rows } = await client.query<{ statement: string }>(query);
      others.push(...rows.map(({ statement }) => `${statement.replaceAll('public.', '')};`));
    }
    return [
      '-- The database after all migrations, as Postgres describes it. Made by npm run docs.',
      ...tables,
      ...others,
      '',
    ].join('\n\n');
  } finally {
    await client.end();
  }
}
