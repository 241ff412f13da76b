import { type Message, quoteOf } from '@cloudhop/contracts';
import type { Row } from './state';

/** The row after a change of `message`, which it may answer: the rev of the row itself does not tell, so the quote has one. */
export function requoted(row: Row, message: Message): Row {
  const { replyTo, quote } = row.message;
  if (replyTo !== message.id || (quote !== undefined && quote.rev >= message.rev)) return row;
  return { ...row, message: { ...row.message, quote: quoteOf(message) } };
}

/** A row in place of one that may know what it answers as of later. */
export function withNewerQuote(row: Row, before: Row | undefined): Row {
  const known = before?.message.quote;
  const { quote } = row.message;
  return known && quote && known.rev > quote.rev ? { ...row, message: { ...row.message, quote: known } } : row;
}

/** The row without a quote of what is gone. */
export function unquotedBelow(row: Row, floorSeq: number): Row {
  const { quote, ...message } = row.message;
  return quote && quote.seq <= floorSeq ? { ...row, message } : row;
}
