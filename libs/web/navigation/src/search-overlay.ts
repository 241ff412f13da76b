import { Injectable, signal } from '@angular/core';

/** Where one looks for messages first, and for what. */
export interface SearchRequest {
  /** Only there; without it everywhere. */
  conversationId?: string;
  /** Already typed elsewhere. */
  text?: string;
}

/** The place where one looks for messages: anything on the page may ask for it, the frame around the page shows it. */
@Injectable({ providedIn: 'root' })
export class SearchOverlay {
  readonly #request = signal<SearchRequest | undefined>(undefined);
  readonly request = this.#request.asReadonly();

  show(request: SearchRequest = {}): void {
    this.#request.set(request);
  }

  close(): void {
    this.#request.set(undefined);
  }
}
