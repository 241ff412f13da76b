import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';

/** Returns the text of `key` in the page's language. Reactive in templates and computed signals. */
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

/** Returns the translation function. Call it in an injection context. */
export function injectTranslate(): Translate {
  return inject(Translator).translate;
}
