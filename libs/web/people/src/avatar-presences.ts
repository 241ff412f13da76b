import { Injectable, computed, inject } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';
import type { AvatarPresence } from '@cloudhop/web/ui';

/** Presence of friends, as avatars show it: undefined for offline people and while there is no connection. */
@Injectable({ providedIn: 'root' })
export class AvatarPresences {
  readonly #store = inject(ClientStore);
  readonly presenceOf = computed(() => {
    const statuses = this.#store.statuses();
    return (userId: string | undefined): AvatarPresence | undefined => {
      const status = statuses.get(userId ?? '')?.status;
      return status === 'offline' ? undefined : status;
    };
  });
}
