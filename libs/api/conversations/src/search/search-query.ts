import { folded } from '@cloudhop/contracts';
import { DomainError } from '@cloudhop/api/platform';
import { type Token, tokensOf } from './search-terms';

/** A parsed search query. */
export interface SearchQuery {
  /** Tokens that must all be in the text. */
  tokens: Token[];
  /** Quoted phrases that must be in the text verbatim, at word boundaries. */
  phrases: string[];
  from: string[];
  in: string[];
  before?: Date;
  after?: Date;
  has: ('link' | 'pin')[];
}

const parts = /(?:(?<name>from|in|before|after|has):)?(?:"(?<quoted>[^"]*)"?|(?<plain>\S+))/giu;
const emptyOperator = /^(from|in|before|after|has):$/i;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

function refuse(problem: string): never {
  throw new DomainError('invalid', { fields: { q: problem } });
}

function dayOf(name: string, value: string): Date {
  const day = new Date(`${value}T00:00:00.000Z`);
  // The 31st of February is a day in March.
  if (!dayPattern.test(value) || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(value))
    refuse(`must have a date like 2026-01-31 after ${name}:`);
  return day;
}

/** Parses a query. Throws invalid for an operator without a value, and for an empty query. */
export function parseQuery(typed: string): SearchQuery {
  const query: SearchQuery = { tokens: [], phrases: [], from: [], in: [], has: [] };
  for (const { groups } of typed.normalize('NFKC').matchAll(parts)) {
    const { name, quoted, plain = '' } = groups!;
    const value = (quoted ?? plain).trim();
    if (emptyOperator.test(plain) || (name !== undefined && value === ''))
      refuse('must have a value after each operator');
    if (name !== undefined) {
      addOperator(query, name.toLowerCase(), value);
      continue;
    }
    const text = folded(value);
    query.tokens.push(...tokensOf(text));
    if (quoted !== undefined && text !== '') query.phrases.push(text);
  }
  const isEmpty = query.tokens.length + query.from.length + query.in.length + query.has.length === 0;
  if (isEmpty && !query.before && !query.after) refuse('must contain a word or an operator');
  return query;
}

function addOperator(query: SearchQuery, name: string, value: string): void {
  switch (name) {
    case 'from':
      return void query.from.push(value);
    case 'in':
      return void query.in.push(value);
    case 'before':
      query.before = dayOf(name, value);
      return;
    case 'after':
      // The day itself is not after it.
      query.after = new Date(dayOf(name, value).getTime() + 86_400_000);
      return;
    default: {
      const mark = value.toLowerCase();
      if (mark !== 'link' && mark !== 'pin') refuse('must have link or pin after has:');
      query.has.push(mark);
    }
  }
}

/** Returns true if a folded text matches the query. */
export function isMatch(text: string, { tokens, phrases }: Pick<SearchQuery, 'tokens' | 'phrases'>): boolean {
  if (!phrases.every((phrase) => text.includes(phrase))) return false;
  const words = new Set<string>();
  if (tokens.some(({ kind }) => kind === 'word'))
    for (const token of tokensOf(text)) if (token.kind === 'word') words.add(token.text);
  return tokens.every(({ kind, text: wanted }) => (kind === 'word' ? words.has(wanted) : text.includes(wanted)));
}
