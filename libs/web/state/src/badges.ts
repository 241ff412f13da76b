import { Injectable, computed, inject } from '@angular/core';
import { ClientStore } from './client-store';

/** What waits for the person, as numbers on the doors. */
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
  /** What counts in the rooms one is in: how many of them, and how much in all. */
  readonly #inRooms = computed(() => {
    let [rooms, all] = [0, 0];
    for (const { conversation, badge } of this.#store.conversations().values()) {
      if (conversation.kind !== 'room' || badge === 0) continue;
      rooms++;
      all += badge;
    }
    return { rooms, all };
  });
  readonly #roomInvitations = computed(() => {
    const blocks = this.#store.blocks();
    let count = 0;
    for (const { slug, invitedBy } of this.#store.invitations().values())
      if (slug !== undefined && !blocks.has(invitedBy)) count++;
    return count;
  });
  /** Rooms in which something waits, and those one was asked into: how much was said in a crowd is no number to act on. */
  readonly rooms = computed(() => this.#inRooms().rooms + this.#roomInvitations());
  /** What counts in one's other conversations, and the groups one was asked into. */
  readonly chats = computed(
    () => this.#store.badge() - this.requests() - this.#inRooms().all - this.#roomInvitations(),
  );
}
