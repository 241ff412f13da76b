/** What narrows a search, as it is typed. */
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
/** The last word, where it is a filter with something behind it. */
const lastFilter = /(?:^|\s)(before|after|has):(\S+)$/iu;

/**
 * What there is to ask while somebody types: without filters that are not written to their end yet, and with a quote
 * that is still open closed. Empty where nothing is left.
 */
export function normalizeQuery(typed: string): string {
  const [, filter, value = ''] = lastFilter.exec(typed) ?? [];
  const whole = filter && !isWhole(filter.toLowerCase(), value) ? typed.replace(lastFilter, '') : typed;
  const asked = whole.replace(empty, '$1').trim().replace(/\s+/gu, ' ');
  if (asked.split('"').length % 2 === 1) return asked;
  return /"\s*$/.test(asked) ? asked.replace(/\s*"\s*$/, '') : `${asked}"`;
}

/** Something longer than a day is wrong rather than unfinished: the server says so. */
function isWhole(filter: string, value: string): boolean {
  if (filter === 'has') return !['link', 'pin'].some((known) => known !== value && known.startsWith(value));
  return !/^[\d-]{1,9}$/.test(value);
}

/** Which filter the server did not understand, as far as one can tell from here. */
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

/** What was typed with a filter at the caret, which then stands where its value belongs. */
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
