import type { Message } from './messages';

/** Returns the ids of the author of a message and of the author of its quote. Replies carry these users beside the message. */
export function authorsOf({ authorId, quote }: Message): string[] {
  return quote ? [authorId, quote.authorId] : [authorId];
}
