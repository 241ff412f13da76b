import type { Message, Quote } from '@cloudhop/contracts';
import type { Person } from './rows';

/** Content of a quote. `gone`: nobody can read the message any more; `hidden`: its author is folded away. */
export type QuoteView =
  | { kind: 'shown'; seq: number; author: Person; isMine: boolean; text: string; isDeleted: boolean }
  | { kind: 'gone' | 'hidden' };

interface QuoteContext {
  /** Messages at or below this seq are gone for the reader. */
  floorSeq?: number;
  isFolded?: (authorId: string) => boolean;
  /** The reader's id. */
  myId?: string;
  personOf: (userId: string) => Person;
}

/** Returns the quote of a reply; undefined for a message that is no reply. */
export function quoteView({ replyTo, quote }: Message, context: QuoteContext): QuoteView | undefined {
  if (replyTo === undefined) return undefined;
  if (!quote || quote.seq <= (context.floorSeq ?? 0)) return { kind: 'gone' };
  if (context.isFolded?.(quote.authorId)) return { kind: 'hidden' };
  const { seq, authorId, body, isDeleted = false } = quote satisfies Quote;
  const isMine = authorId === context.myId;
  return { kind: 'shown', seq, author: context.personOf(authorId), isMine, text: body, isDeleted };
}

export function isSameQuote(a: QuoteView | undefined, b: QuoteView | undefined): boolean {
  if (a?.kind !== 'shown' || b?.kind !== 'shown') return a?.kind === b?.kind;
  return (
    a.seq === b.seq &&
    a.text === b.text &&
    a.isDeleted === b.isDeleted &&
    a.isMine === b.isMine &&
    a.author.id === b.author.id &&
    a.author.name === b.author.name &&
    a.author.color === b.author.color
  );
}
