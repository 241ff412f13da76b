import { Injectable, signal } from '@angular/core';

/** Initial scope and text of a search. */
export interface SearchRequest {
  /** Restricts the search to a conversation; without it everything is searched. */
  conversationId?: string;
  /** Initial text of the field. */
  text?: string;
}

/** State of the search overlay. Any screen can open it; `SearchSheet` renders it. */
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
