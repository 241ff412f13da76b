import type { Conversation, Member, ReadMark } from '@cloudhop/contracts';
import type { TimelineView } from '@cloudhop/sdk';

/** Progress of a message with one recipient. `unknown`: they share no receipts, or were not online since. */
export type Reach = 'read' | 'delivered' | 'waiting' | 'unknown';

/** Progress of an own message with all recipients. */
export type Receipt = 'sent' | 'delivered' | 'read';

/** Highest seqs that all recipients have received and read. */
export interface Thresholds {
  deliveredSeq: number;
  readSeq: number;
}

type Marks = ReadonlyMap<string, ReadMark>;

/** Returns the ids of the recipients: the peer, or all other joined members of a group. */
export function readersOf(
  { kind, peerId }: Conversation,
  members: ReadonlyMap<string, Member>,
  me: string | undefined,
): string[] {
  if (kind === 'direct') return peerId === undefined || peerId === me ? [] : [peerId];
  return [...members.values()].flatMap(({ userId, state }) => (state === 'joined' && userId !== me ? [userId] : []));
}

/** Returns the minimum over all recipients. Recipients that share no receipts count as 0. */
export function thresholdsOf(readers: readonly string[], marks: Marks): Thresholds {
  if (readers.length === 0) return { deliveredSeq: 0, readSeq: 0 };
  const known = readers.map((id) => marks.get(id));
  const readSeq = Math.min(...known.map((mark) => mark?.readSeq ?? 0));
  // A read message was delivered, even if the delivered mark lags behind.
  const deliveredSeq = Math.min(...known.map((mark) => Math.max(mark?.readSeq ?? 0, mark?.deliveredSeq ?? 0)));
  return { deliveredSeq, readSeq };
}

/** Returns the receipt of a message. */
export function receiptAt(seq: number, { deliveredSeq, readSeq }: Thresholds): Receipt {
  return seq <= readSeq ? 'read' : seq <= deliveredSeq ? 'delivered' : 'sent';
}

/** Returns the number of recipients who have read a message, among those who share receipts. */
export function readBy(seq: number, readers: readonly string[], marks: Marks): number {
  return readers.filter((id) => reachOf(seq, marks.get(id)) === 'read').length;
}

export function reachOf(seq: number, mark: ReadMark | undefined): Reach {
  if (!mark) return 'unknown';
  if (seq <= mark.readSeq) return 'read';
  return seq <= mark.deliveredSeq ? 'delivered' : 'waiting';
}

/** Translation key of the receipt below the latest message, with its count. */
export interface ReceiptText {
  key: Receipt | 'readBy' | 'readByAll';
  count: number;
}

/** Groups show the number of readers instead of "delivered"; direct conversations have a single reader. */
export function receiptText(
  seq: number,
  { conversation, marks = new Map<string, ReadMark>() }: Pick<TimelineView, 'conversation' | 'marks'>,
  readers: readonly string[],
): ReceiptText {
  const receipt = receiptAt(seq, thresholdsOf(readers, marks));
  if (conversation.kind !== 'group') return { key: receipt, count: 0 };
  const count = readBy(seq, readers, marks);
  if (receipt === 'read') return { key: 'readByAll', count };
  return { key: count > 0 ? 'readBy' : receipt, count };
}
