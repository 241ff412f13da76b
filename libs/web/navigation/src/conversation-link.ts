import type { Conversation } from '@cloudhop/contracts';

/** Returns the router link of a conversation. Rooms whose slug is unknown are addressed by id. */
export function conversationLink({ id, kind, slug }: Pick<Conversation, 'id' | 'kind' | 'slug'>): readonly string[] {
  if (kind === 'lobby') return ['/lobby'];
  return kind === 'room' ? ['/r', slug ?? id] : ['/chats', id];
}
