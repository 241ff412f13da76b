import { inject } from '@angular/core';
import type { Message } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ClientStore, Language, nameWithTag } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';

/** Maximum number of names. */
const mostNames = 8;

/**
 * Returns the names of those who reacted with an emoji, latest first: "You, Mei and 3 more". Requires an injection
 * context.
 */
export async function nameReactors(message: Message, emoji: string): Promise<string> {
  const store = inject(ClientStore);
  const people = inject(People);
  const language = inject(Language);
  const t = injectTranslate();
  const { conversationId, id: messageId, reactions } = message;
  const { items, users } = await store.act.call('messages.reactions', {
    params: { id: conversationId, messageId },
    query: { emoji },
  });
  const personOf = people.withUsers(users);
  const me = store.me()?.id;
  const names = items
    .slice(0, mostNames)
    .map(({ userId }) => (userId === me ? t('message.you') : nameWithTag(personOf(userId))));
  const count = Math.max(reactions.find((reaction) => reaction.emoji === emoji)?.count ?? 0, items.length);
  const others = count - names.length;
  return language.lists().format(others > 0 ? [...names, t('reactions.others', { count: others })] : names);
}
