import { type Message, quoteOf } from '@cloudhop/contracts';
import type { Row } from './state';

/** Returns the row with the quote updated if it answers `message`. Quotes have a rev of their own. */
export function requoted(row: Row, message: Message): Row {
  const { replyTo, quote } = row.message;
  if (replyTo !== message.id || (quote !== undefined && quote.rev >= message.rev)) return row;
  return { ...row, message: { ...row.message, quote: quoteOf(message) } };
}

/** Returns the row with the newer of its quote and that of the row that it replaces. */
export function withNewerQuote(row: Row, before: Row | undefined): Row {
  const known = before?.message.quote;
  const { quote } = row.message;
  return known && quote && known.rev > quote.rev ? { ...row, message: { ...row.message, quote: known } } : row;
}

/** Returns the row without a quote of a message at or below the floor. */
export function unquotedBelow(row: Row, floorSeq: number): Row {
  const { quote, ...message } = row.message;
  return quote && quote.seq <= floorSeq ? { ...row, message } : row;
}
