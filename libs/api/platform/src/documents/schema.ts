import { Client } from 'pg';

interface Table {
  name: string;
  options: string | null;
  lines: string[];
}

/** Lists tables with their columns and constraints, in order of creation. */
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
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('migrations', 'schema_files', 'schema_version')
  order by c.relname`;

const sequencesQuery = `
  select format('create sequence %I as %s', c.relname, format_type(s.seqtypid, null)) as statement
  from pg_sequence s join pg_class c on c.oid = s.seqrelid
  where c.relnamespace = 'public'::regnamespace and not exists (
    select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i')
  ) order by c.relname`;

const typesQuery = `
  select format(E'create type %I as (\\n%s\\n)', c.relname,
    string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod)), E',\\n' order by a.attnum)) as statement
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'c' group by c.relname order by c.relname`;

const indexesQuery = `
  select pg_get_indexdef(i.indexrelid) as statement from pg_index i
    join pg_class c on c.oid = i.indrelid join pg_class n on n.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and c.relname not in ('migrations', 'schema_files', 'schema_version')
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

/** Describes a migrated database as SQL that people read: tables, types, indexes, views, functions and triggers, each once. */
export async function schemaDocument(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const tables = (await client.query<Table>(tablesQuery)).rows.map(createTable);
    const sequences = (await client.query<{ statement: string }>(sequencesQuery)).rows.map(
      (row) => `${row.statement};`,
    );
    const others: string[] = [];
    for (const query of [typesQuery, indexesQuery, viewsQuery, functionsQuery, triggersQuery]) {
      const { rows } = await client.query<{ statement: string }>(query);
      others.push(...rows.map(({ statement }) => `${statement.replaceAll('public.', '')};`));
    }
    return [
      '-- The database after all migrations, as Postgres describes it. Made by npm run docs.',
      ...sequences,
      ...tables,
      ...others,
      '',
    ].join('\n\n');
  } finally {
    await client.end();
  }
}
