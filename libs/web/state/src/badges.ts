import { Injectable, computed, inject } from '@angular/core';
import { ClientStore } from './client-store';
import { countUnread } from './unread';

/** What waits for the person, as numbers on the doors. */
@Injectable({ providedIn: 'root' })
export class Badges {
  readonly #store = inject(ClientStore);
  readonly unread = computed(() => countUnread(this.#store.conversations().values(), this.#store.blocks()));
  /** Friend requests that nobody has answered yet. */
  readonly requests = computed(() => {
    const blocks = this.#store.blocks();
    let count = 0;
    for (const { state, userId } of this.#store.friends().values())
      if (state === 'received' && !blocks.has(userId)) count++;
    return count;
  });
}
