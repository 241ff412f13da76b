import { limits } from '../limits';
import type { Message, Quote } from './messages';

/** Returns a message as a reply quotes it. Its beginning is cut in code points, as `quote_v1` cuts it. */
export function quoteOf({ seq, rev, authorId, body, deletedAt }: Message): Quote {
  const beginning = [...body.slice(0, limits.quoteCharacters * 2)].slice(0, limits.quoteCharacters).join('');
  return { seq, rev, authorId, body: beginning, ...(deletedAt !== undefined && { isDeleted: true as const }) };
}
