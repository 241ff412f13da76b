import { DOCUMENT, DestroyRef, Injectable, inject, signal } from '@angular/core';

/** Attention of the user: whether somebody looks at this page now. */
@Injectable({ providedIn: 'root' })
export class Attention {
  readonly #document = inject(DOCUMENT);
  readonly #isHere = signal(this.#look());
  readonly isHere = this.#isHere.asReadonly();
  readonly #isVisible = signal(this.#document.visibilityState === 'visible');
  /** True while the page is visible, also while the user works in another window. */
  readonly isVisible = this.#isVisible.asReadonly();

  constructor() {
    const follow = () => {
      this.#isHere.set(this.#look());
      this.#isVisible.set(this.#document.visibilityState === 'visible');
    };
    const view = this.#document.defaultView;
    const ended = new AbortController();
    this.#document.addEventListener('visibilitychange', follow, { signal: ended.signal });
    view?.addEventListener('focus', follow, { signal: ended.signal });
    view?.addEventListener('blur', follow, { signal: ended.signal });
    inject(DestroyRef).onDestroy(() => ended.abort());
  }

  #look(): boolean {
    return this.#document.visibilityState === 'visible' && this.#document.hasFocus();
  }
}
