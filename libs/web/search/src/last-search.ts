import { Injectable, inject, signal } from '@angular/core';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { DebouncedSearch } from './debounced-search';

/** What was looked for last: who comes back from a message that was found goes on where they were. */
@Injectable({ providedIn: 'root' })
export class LastSearch {
  readonly #store = inject(ClientStore);
  readonly typed = signal('');
  /** Which line is marked. */
  readonly active = signal(0);
  readonly run = new DebouncedSearch({
    ask: ({ q, conversationId }, cursor) =>
      this.#store.act.call('messages.search', {
        query: { q, ...(conversationId !== undefined && { conversationId }), ...(cursor !== undefined && { cursor }) },
      }),
    errorOf: errorBodyOf,
  });
  #whose: string | undefined;

  /** Nothing stays of somebody who was here before. */
  open(): void {
    const me = this.#store.me()?.id;
    if (me !== this.#whose) {
      this.run.look({ q: '' });
      this.typed.set('');
      this.active.set(0);
    }
    this.#whose = me;
  }
}
