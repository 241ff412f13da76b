import { DOCUMENT, Injectable, computed, effect, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { dateWords, localeFor } from './dates';
import { chooseLanguage, languages, type LanguageCode } from './language-choice';
import { readPreference, writePreference } from './preferences';

/** Language of the page: the browser's, until the user chooses one. */
@Injectable({ providedIn: 'root' })
export class Language {
  readonly #transloco = inject(TranslocoService);
  readonly #document = inject(DOCUMENT);
  readonly #current = signal<LanguageCode>(chooseLanguage(readPreference('language'), navigator.languages));
  readonly current = this.#current.asReadonly();
  readonly dates = computed(() => dateWords(localeFor(this.#current(), navigator.languages)));
  /** Formats lists such as "Ada, Ben and Mei". */
  readonly lists = computed(() => new Intl.ListFormat(localeFor(this.#current(), navigator.languages)));
  readonly numbers = computed(() => new Intl.NumberFormat(localeFor(this.#current(), navigator.languages)));

  constructor() {
    effect(() => {
      this.#document.documentElement.lang = this.#current();
    });
  }

  /** Loads the chosen language, or the browser's, and switches to it. */
  async start(): Promise<void> {
    await this.#show(this.#current());
  }

  async choose(language: LanguageCode): Promise<void> {
    await this.#show(language);
    writePreference('language', language);
  }

  async #show(language: LanguageCode): Promise<void> {
    await firstValueFrom(this.#transloco.load(language));
    this.#transloco.setActiveLang(language);
    this.#current.set(language);
  }
}

export { languages, type LanguageCode };
