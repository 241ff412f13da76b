/** Search filters, as they are typed. */
export const searchFilters = [
  { typed: 'from:', words: 'from' },
  { typed: 'in:', words: 'in' },
  { typed: 'before:', words: 'before' },
  { typed: 'after:', words: 'after' },
  { typed: 'has:link', words: 'link' },
  { typed: 'has:pin', words: 'pin' },
  { typed: '""', words: 'quoted' },
] as const;
export type SearchFilter = (typeof searchFilters)[number]['typed'];

const empty = /(^|\s)(?:from|in|before|after|has):(?=\s|$)/giu;
const day = /^\d{4}-\d{2}-\d{2}$/;
/** The last word, if it is a filter with a value. */
const lastFilter = /(?:^|\s)(before|after|has):(\S+)$/iu;

/**
 * Returns the query to send while typing: without incomplete filters, and with an open quote closed. Empty if nothing
 * is left.
 */
export function normalizeQuery(typed: string): string {
  const [, filter, value = ''] = lastFilter.exec(typed) ?? [];
  const whole = filter && !isWhole(filter.toLowerCase(), value) ? typed.replace(lastFilter, '') : typed;
  const query = whole.replace(empty, '$1').trim().replace(/\s+/gu, ' ');
  if (query.split('"').length % 2 === 1) return query;
  return /"\s*$/.test(query) ? query.replace(/\s*"\s*$/, '') : `${query}"`;
}

/** A value longer than a date is invalid rather than incomplete; the server reports it. */
function isWhole(filter: string, value: string): boolean {
  if (filter === 'has') return !['link', 'pin'].some((known) => known !== value && known.startsWith(value));
  return !/^[\d-]{1,9}$/.test(value);
}

/** Guesses which filter the server rejected. */
export function invalidFilterOf(query: string): 'date' | 'has' | 'query' {
  const quoteless = query.replace(/"[^"]*"/g, '');
  const filters = [...quoteless.matchAll(/(?:^|\s)(before|after|has):(\S*)/giu)];
  for (const [, name = '', value = ''] of filters) {
    const isHas = name.toLowerCase() === 'has';
    if (isHas && !['link', 'pin'].includes(value.toLowerCase())) return 'has';
    if (!isHas && (!day.test(value) || Number.isNaN(Date.parse(value)))) return 'date';
  }
  return 'query';
}

/** Inserts a filter at the caret. Returns the caret position where the filter's value belongs. */
export function insertFilter(typed: string, caret: number, filter: SearchFilter): { text: string; caret: number } {
  const before = typed.slice(0, caret);
  const after = typed.slice(caret);
  const gap = before === '' || /\s$/u.test(before) ? '' : ' ';
  const isOpen = filter.endsWith(':') || filter === '""';
  const tail = isOpen ? after : after.replace(/^(?!\s)/u, ' ');
  const text = `${before}${gap}${filter}${isOpen && after !== '' && !/^\s/u.test(after) ? ' ' : ''}${tail}`;
  const end = before.length + gap.length + filter.length;
  return { text, caret: filter === '""' ? end - 1 : isOpen ? end : end + 1 };
}
