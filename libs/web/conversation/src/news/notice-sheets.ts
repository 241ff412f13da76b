import { Injectable, signal } from '@angular/core';

/** Which conversation's notices are to be set, and from where. */
export interface NoticeRequest {
  conversationId: string;
  /** Beside what it opens on larger screens; without it in the middle. */
  anchor?: DOMRect;
}

/** Where one says how much of a conversation one wants to hear: anything on the page may ask for it, the frame shows it. */
@Injectable({ providedIn: 'root' })
export class NoticeSheets {
  readonly #request = signal<NoticeRequest | undefined>(undefined);
  readonly request = this.#request.asReadonly();

  show(request: NoticeRequest): void {
    this.#request.set(request);
  }

  close(): void {
    this.#request.set(undefined);
  }
}
