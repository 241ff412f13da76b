/** Counts the rows of an answer: the objects in its lists, at any depth. */
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
