/** Counts what an answer holds of rows: the objects in its lists, however deep. */
export function rowsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let rows = 0;
  const isList = Array.isArray(value);
  for (const each of Object.values(value)) {
    if (typeof each !== 'object' || each === null) continue;
    rows += (isList ? 1 : 0) + rowsOf(each);
  }
  return rows;
}
