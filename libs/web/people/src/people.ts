import { Injectable, computed, inject } from '@angular/core';
import type { User } from '@cloudhop/contracts';
import { ClientStore, namedPerson, repeatedNames, type NameWords, type NamedPerson } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';

/** Localised names and avatars of people. */
@Injectable({ providedIn: 'root' })
export class People {
  readonly #store = inject(ClientStore);
  readonly #t = injectTranslate();
  readonly words = computed((): NameWords => ({ guest: this.#t('people.guest'), gone: this.#t('people.gone') }));

  /** Names shared by several known people. */
  readonly #repeated = computed(() => repeatedNames(this.#store.users().values()));

  /** Unknown ids are shown as a guest without a name. */
  readonly personOf = computed(() => {
    const users = this.#store.users();
    const [words, repeated] = [this.words(), this.#repeated()];
    return (id: string): NamedPerson => {
      const user = users.get(id);
      return user ? namedPerson(user, words, repeated) : { id, name: words.guest, initial: words.guest };
    };
  });

  /** Like `personOf`, including users returned with a response. */
  withUsers(users: readonly User[]): (id: string) => NamedPerson {
    const returned = new Map(users.map((user) => [user.id, user]));
    const repeated = repeatedNames(new Map([...this.#store.users(), ...returned]).values());
    return (id) => {
      const user = returned.get(id);
      return user ? namedPerson(user, this.words(), repeated) : this.personOf()(id);
    };
  }

  named(user: User): NamedPerson {
    const known = this.#store.users().get(user.id);
    // A user returned with a response counts as known.
    const repeated = known ? this.#repeated() : repeatedNames([...this.#store.users().values(), user]);
    return namedPerson(user, this.words(), repeated);
  }
}
