import { Injectable, signal } from '@angular/core';

/** State of the pins overlay. Any screen can open it; `PinsSheet` renders it. */
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
