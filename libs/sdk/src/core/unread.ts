import type { Feed } from './state';

/** Counts the unread messages, without deleted ones that the device knows of. */
export function unreadOf({ conversation, readSeq, rows, first }: Feed): number {
  const mark = Math.max(readSeq, conversation.floorSeq);
  if (mark >= conversation.seq) return 0;
  const deleted = new Set(conversation.deletedUnread?.filter((seq) => seq > mark));
  for (const { message } of rows.slice(Math.max(0, mark + 1 - first)))
    if (message.deletedAt !== undefined) deleted.add(message.seq);
  return Math.max(0, conversation.seq - mark - deleted.size);
}
