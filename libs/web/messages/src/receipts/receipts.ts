import type { Conversation, Member, ReadMark } from '@cloudhop/contracts';
import type { TimelineView } from '@cloudhop/sdk';

/** How far a message has come with somebody. `unknown`: they let nobody know, or have not been here since. */
export type Reach = 'read' | 'delivered' | 'waiting' | 'unknown';

/** How far one's own message has come as a whole. */
export type Receipt = 'sent' | 'delivered' | 'read';

/** Up to where everybody has got, and read, what was said. */
export interface Thresholds {
  deliveredSeq: number;
  readSeq: number;
}

type Marks = ReadonlyMap<string, ReadMark>;

/** Whose marks count: the other one, or everybody else who is in the group. */
export function readersOf(
  { kind, peerId }: Conversation,
  members: ReadonlyMap<string, Member>,
  me: string | undefined,
): string[] {
  if (kind === 'direct') return peerId === undefined || peerId === me ? [] : [peerId];
  return [...members.values()].flatMap(({ userId, state }) => (state === 'joined' && userId !== me ? [userId] : []));
}

/** Of whoever has come least far: what is claimed of all must hold for each. Who lets nobody know has come nowhere. */
export function thresholdsOf(readers: readonly string[], marks: Marks): Thresholds {
  if (readers.length === 0) return { deliveredSeq: 0, readSeq: 0 };
  const known = readers.map((id) => marks.get(id));
  const readSeq = Math.min(...known.map((mark) => mark?.readSeq ?? 0));
  // What was read was delivered, whatever the other mark says.
  const deliveredSeq = Math.min(...known.map((mark) => Math.max(mark?.readSeq ?? 0, mark?.deliveredSeq ?? 0)));
  return { deliveredSeq, readSeq };
}

/** One tick, two, or two in colour. */
export function receiptAt(seq: number, { deliveredSeq, readSeq }: Thresholds): Receipt {
  return seq <= readSeq ? 'read' : seq <= deliveredSeq ? 'delivered' : 'sent';
}

/** How many have read it, of those who let others know. */
export function readBy(seq: number, readers: readonly string[], marks: Marks): number {
  return readers.filter((id) => reachOf(seq, marks.get(id)) === 'read').length;
}

export function reachOf(seq: number, mark: ReadMark | undefined): Reach {
  if (!mark) return 'unknown';
  if (seq <= mark.readSeq) return 'read';
  return seq <= mark.deliveredSeq ? 'delivered' : 'waiting';
}

/** The words under one's latest message: a key of the dictionary, and how many. */
export interface ReceiptText {
  key: Receipt | 'readBy' | 'readByAll';
  count: number;
}

/** In a group the number says more than "delivered" does; in a private conversation there is only one to read. */
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
