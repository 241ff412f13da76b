import { Injectable, inject, signal } from '@angular/core';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { DebouncedSearch } from './debounced-search';

/** The latest search, kept while the overlay is closed: returning from a result continues where one left. */
@Injectable({ providedIn: 'root' })
export class LastSearch {
  readonly #store = inject(ClientStore);
  readonly typed = signal('');
  /** Index of the active result. */
  readonly active = signal(0);
  readonly run = new DebouncedSearch({
    ask: ({ q, conversationId }, cursor) =>
      this.#store.act.call('messages.search', {
        query: { q, ...(conversationId !== undefined && { conversationId }), ...(cursor !== undefined && { cursor }) },
      }),
    errorOf: errorBodyOf,
  });
  #whose: string | undefined;

  /** Clears the search of another account. */
  open(): void {
    const me = this.#store.me()?.id;
    if (me !== this.#whose) {
      this.run.search({ q: '' });
      this.typed.set('');
      this.active.set(0);
    }
    this.#whose = me;
  }
}
