import type { Message } from './messages';

/** Who said it, and who said what it quotes: they travel beside it. */
export function authorsOf({ authorId, quote }: Message): string[] {
  return quote ? [authorId, quote.authorId] : [authorId];
}
