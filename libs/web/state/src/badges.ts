import { Injectable, computed, inject } from '@angular/core';
import { ClientStore } from './client-store';

/** What waits for the person, as numbers on the doors: together they say what the title says. */
@Injectable({ providedIn: 'root' })
export class Badges {
  readonly #store = inject(ClientStore);
  /** Friend requests that nobody has answered yet. */
  readonly requests = computed(() => {
    const blocks = this.#store.blocks();
    let count = 0;
    for (const { state, userId } of this.#store.friends().values())
      if (state === 'received' && !blocks.has(userId)) count++;
    return count;
  });
  /** What counts in one's conversations, and the groups one was asked into. */
  readonly chats = computed(() => this.#store.badge() - this.requests());
}
