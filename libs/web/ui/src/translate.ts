import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';

/** Gives the text of `key` in the language of the page; read in a template or a computed it follows the language. */
export type Translate = (key: string, params?: Record<string, string | number>) => string;

@Injectable({ providedIn: 'root' })
class Translator {
  readonly #transloco = inject(TranslocoService);
  readonly #language = signal(this.#transloco.getActiveLang());

  constructor() {
    const following = this.#transloco.langChanges$.subscribe((language) => this.#language.set(language));
    inject(DestroyRef).onDestroy(() => following.unsubscribe());
  }

  readonly translate: Translate = (key, params) => this.#transloco.translate(key, params, this.#language());
}

/** The translation function. Call it where `inject` may be called. */
export function injectTranslate(): Translate {
  return inject(Translator).translate;
}
