import type { Conversation } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';

/** Returns the comparison key of an address: a slug without case and width, or an id. */
export function roomKeyOf(raw: string): string {
  return raw.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Returns the joined room with this address; of two with one slug the private one, like the server. */
export function findRoom(summaries: Iterable<ConversationSummary>, key: string): Conversation | undefined {
  let found: Conversation | undefined;
  for (const { conversation } of summaries) {
    if (conversation.kind !== 'room' || (conversation.slug !== key && conversation.id !== key)) continue;
    if (!found || conversation.visibility === 'private') found = conversation;
  }
  return found;
}
