import { Injectable, signal } from '@angular/core';

/** Request to open the notification settings of a conversation. */
export interface NotificationLevelRequest {
  conversationId: string;
  /** Position of the sheet on large screens; without it the sheet is centred. */
  anchor?: DOMRect;
}

/** State of the notification level overlay. Any screen can open it; `NotificationLevelSheet` renders it. */
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
