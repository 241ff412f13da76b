import { Injectable, signal } from '@angular/core';

/** Which conversation's notices are to be set, and from where. */
export interface NotificationLevelRequest {
  conversationId: string;
  /** Beside what it opens on larger screens; without it in the middle. */
  anchor?: DOMRect;
}

/** Where one says how much of a conversation one wants to hear: anything on the page may ask for it, the frame shows it. */
@Injectable({ providedIn: 'root' })
export class NotificationLevelOverlay {
  readonly #request = signal<NotificationLevelRequest | undefined>(undefined);
  readonly request = this.#request.asReadonly();

  show(request: NotificationLevelRequest): void {
    this.#request.set(request);
  }

  close(): void {
    this.#request.set(undefined);
  }
}
