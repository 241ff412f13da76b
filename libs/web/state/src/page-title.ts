import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';

/** The title of the tab: where one is, and how much is new there while one looks away. */
@Injectable({ providedIn: 'root' })
export class PageTitle {
  readonly #title = inject(Title);
  readonly #place = signal('');
  readonly #unread = signal(0);
  readonly #text = computed(() => {
    const count = this.#unread();
    const place = this.#place() === '' ? 'Cloudhop' : `${this.#place()} · Cloudhop`;
    return count > 0 ? `(${count > 99 ? '99+' : count}) ${place}` : place;
  });

  constructor() {
    effect(() => this.#title.setTitle(this.#text()));
  }

  showPlace(name: string): void {
    this.#place.set(name);
  }

  showUnread(count: number): void {
    this.#unread.set(count);
  }
}
