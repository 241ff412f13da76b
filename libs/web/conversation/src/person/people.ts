import { Injectable, computed, inject } from '@angular/core';
import type { User } from '@cloudhop/contracts';
import { ClientStore, namedPerson, type NameWords, type NamedPerson } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';

/** People as the page draws them, in its language. */
@Injectable({ providedIn: 'root' })
export class People {
  readonly #store = inject(ClientStore);
  readonly #t = injectTranslate();
  readonly words = computed((): NameWords => ({ guest: this.#t('people.guest'), gone: this.#t('people.gone') }));

  /** Whoever is not known yet is a guest without a name. */
  readonly personOf = computed(() => {
    const users = this.#store.users();
    const words = this.words();
    return (id: string): NamedPerson => {
      const user = users.get(id);
      return user ? namedPerson(user, words) : { id, name: words.guest, initial: words.guest };
    };
  });

  /** As personOf, with the users that an answer brought along. */
  told(users: readonly User[]): (id: string) => NamedPerson {
    const told = new Map(users.map((user) => [user.id, user]));
    return (id) => {
      const user = told.get(id);
      return user ? this.named(user) : this.personOf()(id);
    };
  }

  named(user: User): NamedPerson {
    return namedPerson(user, this.words());
  }
}
