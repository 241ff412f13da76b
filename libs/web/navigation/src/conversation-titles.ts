import { Injectable, computed, inject } from '@angular/core';
import type { Conversation } from '@cloudhop/contracts';
import { ClientStore, type NamedPerson } from '@cloudhop/web/state';
import { injectTranslate, type IconName } from '@cloudhop/web/ui';
import { People } from '@cloudhop/web/people';

/** What a conversation is called, and what stands beside its name. */
export interface ConversationTitle {
  name: string;
  /** Whose picture it has: the other one of a private conversation, or a group as if it were somebody. */
  person?: NamedPerson;
  /** Drawn where there is no one person's picture. */
  icon?: IconName;
}

/** Names of conversations in the page's language. */
@Injectable({ providedIn: 'root' })
export class ConversationTitles {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #t = injectTranslate();

  readonly titleOf = computed(() => {
    const me = this.#store.me()?.id;
    const personOf = this.#people.personOf();
    const [lobby, saved] = [this.#t('lobby.title'), this.#t('chats.saved')];
    return ({ id, kind, peerId, title, slug, color, visibility }: Conversation): ConversationTitle => {
      if (kind === 'lobby') return { name: lobby, icon: 'cloud' };
      if (kind === 'room') return { name: title ?? slug ?? '', icon: visibility === 'private' ? 'lock' : 'rooms' };
      if (kind === 'group') {
        const name = title ?? '';
        return { name, person: { id, name, initial: name, ...(color && { color }) } };
      }
      if (peerId === undefined) return { name: title ?? '', icon: 'chats' };
      if (peerId === me) return { name: saved, icon: 'bookmark' };
      const person = personOf(peerId);
      return { name: person.name, person };
    };
  });
}
