import type { Block } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';

/** Messages that wait to be read in one's own conversations; those of people one does not want to hear don't count. */
export function countUnread(
  summaries: Iterable<ConversationSummary>,
  blocks: ReadonlyMap<string, Block['level']>,
): number {
  let count = 0;
  for (const { conversation, unread, isArchived } of summaries)
    if (conversation.kind !== 'lobby' && !isArchived && !blocks.has(conversation.peerId ?? '')) count += unread;
  return count;
}
