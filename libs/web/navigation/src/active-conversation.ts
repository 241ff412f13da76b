import { Injectable, signal } from '@angular/core';

/** The conversation on screen: nobody needs to be told what they are looking at. */
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
