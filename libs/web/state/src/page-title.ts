import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { ClientStore } from './client-store';

/** The title of the tab: where one is, and how much is new: what counts in one’s own conversations, requests and invitations always, a public place's while one looks away. */
@Injectable({ providedIn: 'root' })
export class PageTitle {
  readonly #title = inject(Title);
  readonly #store = inject(ClientStore);
  readonly #place = signal('');
  readonly #unread = signal(0);
  readonly #text = computed(() => {
    const count = this.#unread() + this.#store.badge();
    const place = this.#place() === '' ? 'Cloudhop' : `${this.#place()} · Cloudhop`;
    return count > 0 ? `(${count > 99 ? '99+' : count}) ${place}` : place;
  });

  constructor() {
    effect(() => this.#title.setTitle(this.#text()));
  }

  showPlace(name: string): void {
    this.#place.set(name);
  }

  /** How much is new at a public place that nobody looks at. */
  showUnread(count: number): void {
    this.#unread.set(count);
  }
}
