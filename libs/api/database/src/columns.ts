type Missing<Row, Columns extends readonly unknown[]> = Exclude<keyof Row & string, Columns[number]>;

/**
 * Returns the names of a row's columns, in the given order. Does not compile if one of them is no key of `Row`, or if a
 * key of `Row` is not among them. Call it with the type first: `columnsOf<Row>()('id', 'name')`.
 */
export function columnsOf<Row>() {
  return <const Columns extends readonly (keyof Row & string)[]>(
    ...columns: Columns & ([Missing<Row, Columns>] extends [never] ? unknown : { missing: Missing<Row, Columns> })
  ): Columns => columns;
}

/** Returns a list for a SELECT: the columns, each behind `alias` if there is one. Only for names from the code. */
export function selectList(columns: readonly string[], alias?: string): string {
  return columns.map((column) => (alias === undefined ? column : `${alias}.${column}`)).join(', ');
}

/**
 * Returns an SQL expression for rows as a JSON array: `columns` behind `alias`, and `from`, the rest of the query after the
 * word from. Only for names from the code.
 */
export function jsonRows(columns: readonly string[], alias: string, from: string): string {
  return `(select coalesce(json_agg(r), '[]') from (select ${selectList(columns, alias)} from ${from}) r)`;
}
