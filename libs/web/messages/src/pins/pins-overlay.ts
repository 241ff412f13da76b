import { Injectable, signal } from '@angular/core';

/** Whose pins are shown: anything on the page may ask for them, the frame around the page shows them. */
@Injectable({ providedIn: 'root' })
export class PinsOverlay {
  readonly #conversationId = signal<string | undefined>(undefined);
  readonly conversationId = this.#conversationId.asReadonly();

  show(conversationId: string): void {
    this.#conversationId.set(conversationId);
  }

  close(): void {
    this.#conversationId.set(undefined);
  }
}
