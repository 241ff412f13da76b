import { Injectable, computed, inject } from '@angular/core';
import { People } from '@cloudhop/web/people';
import { ClientStore } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { listConversations } from '../list-conversations';
import { ConversationTitles } from '../conversation-titles';
import { conversationLink } from '../conversation-link';
import type { SwitcherItem } from './match-switcher-items';

/** Conversations, and friends without a conversation yet, as switcher items. */
@Injectable({ providedIn: 'root' })
export class SwitcherItems {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #titles = inject(ConversationTitles);
  readonly #t = injectTranslate();

  readonly all = computed((): readonly SwitcherItem[] => {
    const titleOf = this.#titles.titleOf();
    const lobbyId = this.#store.lobbyId();
    const { open, archived } = listConversations(this.#store.conversations().values(), { ...(lobbyId && { lobbyId }) });
    const conversations = [...open, ...archived].map(({ conversation }): SwitcherItem => {
      const { name, person, icon } = titleOf(conversation);
      return {
        key: conversation.id,
        name,
        to: { link: conversationLink(conversation) },
        ...(conversation.slug === undefined ? this.#detail(conversation.peerId) : { detail: conversation.slug }),
        ...(person && { avatar: avatarOf(person) }),
        ...(conversation.peerId !== undefined && { userId: conversation.peerId }),
        ...(icon && { icon }),
      };
    });
    const listed = new Set([...open, ...archived].map(({ conversation }) => conversation.peerId));
    const personOf = this.#people.personOf();
    const friends = [...this.#store.friends().values()]
      .filter(({ state, userId }) => state === 'friend' && !listed.has(userId))
      .map(({ userId }): SwitcherItem => {
        const person = personOf(userId);
        const detail = this.#detail(userId);
        return { key: userId, name: person.name, avatar: avatarOf(person), userId, to: { userId }, ...detail };
      });
    const me = this.#store.me()?.id;
    // Saved messages are listed even before their conversation exists.
    const saved: SwitcherItem[] =
      me === undefined || listed.has(me)
        ? []
        : [{ key: 'saved', name: this.#t('chats.saved'), icon: 'bookmark', to: { userId: me } }];
    return [...conversations, ...friends, ...saved];
  });

  #detail(userId: string | undefined): { detail?: string } {
    const user = this.#store.users().get(userId ?? '');
    if (!user || user.isGone || userId === this.#store.me()?.id) return {};
    if (user.username !== undefined) return { detail: `@${user.username}` };
    return user.tag === undefined ? {} : { detail: `#${user.tag}` };
  }
}

function avatarOf({ id, initial, color }: ReturnType<ReturnType<People['personOf']>>): SwitcherItem['avatar'] {
  return { seed: id, initial, ...(color && { color }) };
}
