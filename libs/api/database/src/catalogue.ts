import { createHash } from 'node:crypto';

/** Tables that record the schema rather than belong to it. */
const bookkeeping = ['migrations', 'typeorm_metadata', 'schema_version', 'schema_files'];

/** Objects of ours: those of the current schema that no extension brought. */
const isOurs = (object: string) =>
  `n.nspname = current_schema() and not exists (select from pg_depend e where e.objid = ${object}.oid and e.deptype = 'e')`;
const isRelation = `${isOurs('c')} and c.relname <> all ($1)`;

/** One line each: names, types, defaults, constraints, functions and the order of columns, but no oids. */
const shape = [
  `select format('%s %s', case c.relkind when 'r' then 'table' when 'v' then 'view' when 'c' then 'type' when 'S' then 'sequence' else c.relkind::text end,
      c.relname) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${isRelation} and c.relkind not in ('i', 't')`,
  `select format('column %s %s %s %s%s%s%s%s', c.relname, row_number() over (partition by c.oid order by a.attnum), a.attname,
      format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' end,
      case when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) end,
      case when a.attidentity <> '' then ' identity ' || a.attidentity::text end,
      (select ' collate ' || l.collname from pg_collation l join pg_type t on t.oid = a.atttypid
        where l.oid = a.attcollation and a.attcollation <> t.typcollation)) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where ${isRelation} and c.relkind in ('r', 'v', 'c') and a.attnum > 0 and not a.attisdropped`,
  // Since PostgreSQL 18 "not null" is a constraint as well; the columns say it already.
  `select format('constraint %s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where ${isRelation} and k.contype <> 'n'`,
  `select format('function %s(%s) returns %s %s %s %s %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
      l.lanname, p.provolatile, array_to_string(p.proconfig, ', '), md5(p.prosrc)) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where ${isOurs('p')} and $1::text[] is not null`,
];

/** An operator may have added to these, or changed them, without harm. */
const tuning = [
  `select format('options %s %s', c.relname, array_to_string(c.reloptions, ', ')) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${isRelation} and c.reloptions is not null`,
  `select format('index %s', pg_get_indexdef(i.indexrelid)) as line
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace where ${isRelation}`,
  `select format('trigger %s', pg_get_triggerdef(t.oid)) as line
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where ${isRelation} and not t.tgisinternal`,
  `select format('definition %s %s', c.relname, pg_get_viewdef(c.oid)) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${isRelation} and c.relkind = 'v'`,
];

export type CatalogueQuery = (sql: string, parameters: unknown[]) => Promise<{ line: string }[]>;

/** Describes the current schema of a database, sorted, so that two databases can be compared. */
export async function readCatalogue(query: CatalogueQuery): Promise<string[]> {
  return readLines(query, [...shape, ...tuning]);
}

/** Returns a hash of what code relies on: everything of the catalogue but indexes, options and the definitions of views. */
export async function fingerprintOf(query: CatalogueQuery): Promise<string> {
  const hash = createHash('sha256');
  for (const line of await readLines(query, shape)) hash.update(`${line}\n`);
  return hash.digest('hex');
}

async function readLines(query: CatalogueQuery, texts: readonly string[]): Promise<string[]> {
  const [schema] = await query('select quote_ident(current_schema()) as line where $1::text[] is not null', [
    bookkeeping,
  ]);
  const qualified = new RegExp(`(?<![\\w.])${schema!.line.replaceAll(/[^\w]/g, '\\$&')}\\.`, 'g');
  const all: string[] = [];
  for (const text of texts) all.push(...(await query(text, [bookkeeping])).map(({ line }) => line));
  return all.map((line) => line.replaceAll(qualified, '')).sort((a, b) => (a < b ? -1 : Number(a > b)));
}
