import type { ConversationChange, Message } from '@cloudhop/contracts';

/** Approximate bytes of a message's names, ids and times. */
const envelopeBytes = 500;

/** Returns the approximate bytes of a message in an answer. */
export function messageBytes({ body, quote, preview }: Message): number {
  const texts = [body, quote?.body, preview?.title, preview?.description];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text ?? ''), envelopeBytes);
}

/** Returns the approximate bytes of a change in an answer. */
export function changeBytes(change: ConversationChange): number {
  return 'message' in change ? messageBytes(change.message) : envelopeBytes;
}

/** Returns the first items that fit into `maxBytes`. Returns at least one, so that paging ends. */
export function firstWithin<T>(items: readonly T[], bytesOf: (item: T) => number, maxBytes: number): T[] {
  let bytes = 0;
  const end = items.findIndex((item, n) => (bytes += bytesOf(item)) > maxBytes && n > 0);
  return end === -1 ? [...items] : items.slice(0, end);
}
