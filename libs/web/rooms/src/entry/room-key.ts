import type { Conversation } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';

/** What an address of the page is compared by: a slug without case and width, or an id. */
export function roomKeyOf(raw: string): string {
  return raw.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** The room of an address among those one is in; of two with one slug the private one, as the server has it. */
export function findRoom(summaries: Iterable<ConversationSummary>, key: string): Conversation | undefined {
  let found: Conversation | undefined;
  for (const { conversation } of summaries) {
    if (conversation.kind !== 'room' || (conversation.slug !== key && conversation.id !== key)) continue;
    if (!found || conversation.visibility === 'private') found = conversation;
  }
  return found;
}
