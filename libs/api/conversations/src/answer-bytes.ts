import type { ConversationChange, Message } from '@cloudhop/contracts';

/** Names, ids and times of a message, in bytes, roughly. */
const envelopeBytes = 500;

/** Returns the bytes of a message in an answer, roughly. */
export function messageBytes({ body, quote, preview }: Message): number {
  const texts = [body, quote?.body, preview?.title, preview?.description];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text ?? ''), envelopeBytes);
}

/** Returns the bytes of a change in an answer, roughly. */
export function changeBytes(change: ConversationChange): number {
  return 'message' in change ? messageBytes(change.message) : envelopeBytes;
}

/** Returns the first items that fit into `maxBytes`: at least one, so that whoever pages on comes to an end. */
export function firstWithin<T>(items: readonly T[], bytesOf: (item: T) => number, maxBytes: number): T[] {
  let bytes = 0;
  const end = items.findIndex((item, n) => (bytes += bytesOf(item)) > maxBytes && n > 0);
  return end === -1 ? [...items] : items.slice(0, end);
}
