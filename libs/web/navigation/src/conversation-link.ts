import type { Conversation } from '@cloudhop/contracts';

/** Where on the page a conversation is. A room without an address that is known here is found by its id. */
export function conversationLink({ id, kind, slug }: Pick<Conversation, 'id' | 'kind' | 'slug'>): readonly string[] {
  if (kind === 'lobby') return ['/lobby'];
  return kind === 'room' ? ['/r', slug ?? id] : ['/chats', id];
}
