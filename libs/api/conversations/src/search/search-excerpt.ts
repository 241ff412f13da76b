import { folded } from '@cloudhop/contracts';
import type { SearchHit } from '@cloudhop/contracts';
import type { SearchQuery } from './search-query';
import { tokensOf } from './search-terms';

type Excerpt = SearchHit['excerpt'];
type Range = Excerpt['marks'][number];

/** Characters before the first match, and in all. */
const lead = 40;
const longest = 180;
const unit = /[^][\p{M}\uff9e\uff9f]*/gu;

/** Returns the part of a message around its first match, with the matches; its beginning without a match. */
export function excerptOf(body: string, query: Pick<SearchQuery, 'tokens' | 'phrases'>): Excerpt {
  const marks = marksIn(body, query);
  const from = cutAt(body, Math.max(0, (marks[0]?.from ?? 0) - lead));
  const to = cutAt(body, Math.min(body.length, from + longest));
  const before = from > 0 ? '…' : '';
  const text = before + body.slice(from, to) + (to < body.length ? '…' : '');
  const shift = before.length - from;
  return {
    text,
    marks: marks.flatMap((mark) => {
      const part = { from: Math.max(mark.from, from) + shift, to: Math.min(mark.to, to) + shift };
      return part.from < part.to ? [part] : [];
    }),
  };
}

/** Returns the nearest index that does not split a character. */
function cutAt(body: string, at: number): number {
  const code = body.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/**
 * Returns the matches in the text, without overlaps, in indexes of the original text, because folding can change
 * lengths.
 */
function marksIn(body: string, { tokens, phrases }: Pick<SearchQuery, 'tokens' | 'phrases'>): Range[] {
  let whole = '';
  const at: number[] = [];
  for (const { 0: character, index } of body.matchAll(unit)) {
    const text = folded(character);
    at.push(...Array.from({ length: text.length }, () => index));
    whole += text;
  }
  at.push(body.length);
  const found: Range[] = [];
  const add = (from: number, length: number) => found.push({ from: at[from]!, to: endOf(at, from + length) });
  const words = new Set(tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text));
  if (words.size > 0) for (const token of tokensOf(whole)) if (words.has(token.text)) add(token.at, token.text.length);
  const parts = [...phrases, ...tokens.filter(({ kind }) => kind !== 'word').map(({ text }) => text)];
  for (const part of parts)
    for (let from = whole.indexOf(part); from !== -1; from = whole.indexOf(part, from + part.length))
      add(from, part.length);
  return merged(found);
}

/** Returns the end of the character that contains the unit before `index`. */
function endOf(at: readonly number[], index: number): number {
  const last = at[index - 1]!;
  let next = index;
  while (next < at.length - 1 && at[next] === last) next++;
  return at[next]!;
}

function merged(ranges: Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else result.push({ ...range });
  }
  return result;
}
