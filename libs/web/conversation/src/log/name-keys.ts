import { Injectable, computed, inject } from '@angular/core';
import { usernameKey, type User } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import type { MentionOf } from '@cloudhop/web/ui';

/** A user's object changes with the user: the key is made once for each. */
const keys = new WeakMap<User, string>();

/** By what somebody is named in a text: the username, else the tag. */
export function nameKeyOf(user: User): string | undefined {
  if (user.isGone) return undefined;
  if (user.username === undefined) return user.tag;
  const key = keys.get(user) ?? usernameKey(user.username);
  keys.set(user, key);
  return key;
}

/** Whom a name in a text means, among those whom this page knows. */
@Injectable({ providedIn: 'root' })
export class NameKeys {
  readonly #store = inject(ClientStore);
  /** The same object until somebody is called otherwise: every message that names somebody is drawn by it. */
  readonly #byKey = computed(
    (): ReadonlyMap<string, string> => {
      const byKey = new Map<string, string>();
      for (const [id, user] of this.#store.users()) {
        const key = nameKeyOf(user);
        if (key !== undefined) byKey.set(key, id);
      }
      return byKey;
    },
    { equal: (a, b) => a.size === b.size && [...a].every(([key, id]) => b.get(key) === id) },
  );
  readonly mentionOf = computed((): MentionOf => {
    const byKey = this.#byKey();
    const me = this.#store.me()?.id;
    return (key) => {
      const userId = byKey.get(key);
      return userId === undefined ? undefined : { userId, isMe: userId === me };
    };
  });
}
