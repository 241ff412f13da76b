import { Injectable, signal } from '@angular/core';

/** Id of the conversation on screen. No notifications are shown for it. */
@Injectable({ providedIn: 'root' })
export class ActiveConversation {
  readonly #id = signal<string | undefined>(undefined);
  readonly id = this.#id.asReadonly();

  enter(conversationId: string): void {
    this.#id.set(conversationId);
  }

  leave(conversationId: string): void {
    this.#id.update((id) => (id === conversationId ? undefined : id));
  }
}
