import { Injectable, computed, effect, inject, signal, DOCUMENT } from '@angular/core';
import { mediaSignal } from './media-query';
import { readPreference, writePreference } from './preferences';

export const themeChoices = ['system', 'blossom', 'midnight'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** Theme, Blossom or Midnight: the system's, until the user chooses one. */
@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #document = inject(DOCUMENT);
  readonly #systemIsDark = mediaSignal('(prefers-color-scheme: dark)');
  readonly #choice = signal<ThemeChoice>(themeChoices.find((choice) => choice === readPreference('theme')) ?? 'system');
  readonly choice = this.#choice.asReadonly();
  readonly current = computed(() => {
    const choice = this.#choice();
    if (choice !== 'system') return choice;
    return this.#systemIsDark() ? 'midnight' : 'blossom';
  });

  constructor() {
    effect(() => {
      const choice = this.#choice();
      const root = this.#document.documentElement;
      if (choice === 'system') delete root.dataset['theme'];
      else root.dataset['theme'] = choice;
      const color = this.current() === 'midnight' ? '#231a2b' : '#fff0f5';
      for (const meta of this.#document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]'))
        meta.content = color;
    });
  }

  choose(choice: ThemeChoice): void {
    this.#choice.set(choice);
    writePreference('theme', choice === 'system' ? undefined : choice);
  }

  /** Switches to the other theme; follows the system again if that is the same. */
  toggle(): void {
    const next = this.current() === 'midnight' ? 'blossom' : 'midnight';
    this.choose((next === 'midnight') === this.#systemIsDark() ? 'system' : next);
  }
}
