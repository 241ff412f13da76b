import { limits } from '../limits';
import type { Message, Quote } from './messages';

/** Returns the quote of a message. Truncates its text by code points, as the SQL function `quote_v1` does. */
export function quoteOf({ seq, rev, authorId, body, deletedAt }: Message): Quote {
  const beginning = [...body.slice(0, limits.quoteCharacters * 2)].slice(0, limits.quoteCharacters).join('');
  return { seq, rev, authorId, body: beginning, ...(deletedAt !== undefined && { isDeleted: true as const }) };
}
