import { Injectable, computed, inject } from '@angular/core';
import type { Conversation } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ClientStore, type NamedPerson } from '@cloudhop/web/state';
import { injectTranslate, type IconName } from '@cloudhop/web/ui';

/** Name of a conversation and the avatar or icon beside it. */
interface ConversationTitle {
  name: string;
  /** Avatar: the peer of a direct conversation, or the group itself. */
  person?: NamedPerson;
  /** Icon, where there is no avatar. */
  icon?: IconName;
}

/** Localised names of conversations. */
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
