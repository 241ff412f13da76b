import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { Badges } from './badges';

/** The title of the tab: where one is, and how much is new: private messages always, a public place's while one looks away. */
@Injectable({ providedIn: 'root' })
export class PageTitle {
  readonly #title = inject(Title);
  readonly #badges = inject(Badges);
  readonly #place = signal('');
  readonly #unread = signal(0);
  readonly #text = computed(() => {
    const count = this.#unread() + this.#badges.unread();
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
