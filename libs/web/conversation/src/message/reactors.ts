import { inject } from '@angular/core';
import { ClientStore, Language } from '@cloudhop/web/state';
import { injectTranslate, type ReactorsOf } from '@cloudhop/web/ui';
import { People } from '../person/people';

/** As many as one reads at a glance. */
const mostNames = 8;

/** Says who reacted with an emoji, latest first, for a pointer that rests on it. Call it where `inject` may be called. */
export function injectReactors(): ReactorsOf {
  const store = inject(ClientStore);
  const people = inject(People);
  const language = inject(Language);
  const t = injectTranslate();
  return async ({ conversationId, id: messageId, reactions }, emoji) => {
    const { items, users } = await store.act.call('messages.reactions', {
      params: { id: conversationId, messageId },
      query: { emoji },
    });
    const told = new Map(users.map((user) => [user.id, user]));
    const me = store.me()?.id;
    const names = items.slice(0, mostNames).map(({ userId }) => {
      const user = told.get(userId);
      if (userId === me) return t('message.you');
      return (user ? people.named(user) : people.personOf()(userId)).name;
    });
    const count = Math.max(reactions.find((reaction) => reaction.emoji === emoji)?.count ?? 0, items.length);
    const others = count - names.length;
    return language.lists().format(others > 0 ? [...names, t('reactions.others', { count: others })] : names);
  };
}
