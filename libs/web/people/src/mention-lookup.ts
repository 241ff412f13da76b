import { Injectable, computed, inject } from '@angular/core';
import { usernameKey, type User } from '@cloudhop/contracts';
import { ClientStore, hasOwnName, nameWithTag } from '@cloudhop/web/state';
import type { MentionOf, Mentioned } from '@cloudhop/web/ui';
import { People } from './people';

/** Keys by user object; objects are replaced when a user changes. */
const keys = new WeakMap<User, string>();

/** Returns the key by which a text mentions a user: the username, else the tag. */
function mentionKeyOf(user: User): string | undefined {
  if (user.isGone) return undefined;
  if (user.username === undefined) return user.tag;
  const key = keys.get(user) ?? usernameKey(user.username);
  keys.set(user, key);
  return key;
}

/** Resolves mentions in texts to the people known to this page. */
@Injectable({ providedIn: 'root' })
export class MentionLookup {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  /** Stable until a name changes: a new value redraws every message with a mention. */
  readonly #byKey = computed(
    (): ReadonlyMap<string, Mentioned> => {
      const byKey = new Map<string, Mentioned>();
      const me = this.#store.me()?.id;
      for (const [userId, user] of this.#store.users()) {
        const key = mentionKeyOf(user);
        const person = this.#people.named(user);
        const name = hasOwnName(user) ? person.name : nameWithTag(person);
        if (key !== undefined) byKey.set(key, { userId, name, isMe: userId === me });
      }
      return byKey;
    },
    { equal: (a, b) => a.size === b.size && [...a].every(([key, mentioned]) => isSame(mentioned, b.get(key))) },
  );
  readonly mentionOf = computed((): MentionOf => {
    const byKey = this.#byKey();
    return (key) => byKey.get(key);
  });
}

function isSame(a: Mentioned, b: Mentioned | undefined): boolean {
  return a.userId === b?.userId && a.name === b.name && a.isMe === b.isMe;
}
