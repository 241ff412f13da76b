import { Injectable, computed, inject } from '@angular/core';
import { ClientStore } from './client-store';

/** Counts shown as badges in the navigation. */
@Injectable({ providedIn: 'root' })
export class Badges {
  readonly #store = inject(ClientStore);
  /** Number of friend requests without an answer. */
  readonly requests = computed(() => {
    const blocks = this.#store.blocks();
    let count = 0;
    for (const { state, userId } of this.#store.friends().values())
      if (state === 'received' && !blocks.has(userId)) count++;
    return count;
  });
  /** Unread counts of the joined rooms: how many rooms, and how many messages in all. */
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
  /**
   * Number of rooms with something unread, and of room invitations. The number of messages in a large room is nothing
   * to act on.
   */
  readonly rooms = computed(() => this.#inRooms().rooms + this.#roomInvitations());
  /** Unread count of the other conversations, and group invitations. */
  readonly chats = computed(
    () => this.#store.badge() - this.requests() - this.#inRooms().all - this.#roomInvitations(),
  );
}
