import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { ClientStore } from './client-store';

/**
 * Title of the tab: the current place and the unread count. One's own conversations, requests and invitations always
 * count, a public place only while the page is not being looked at.
 */
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

  /** Sets the unread count of a public place. */
  showUnread(count: number): void {
    this.#unread.set(count);
  }
}
