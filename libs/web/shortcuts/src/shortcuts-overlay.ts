import { Injectable, signal } from '@angular/core';

/** State of the shortcuts overlay. Any screen can open it; `ShortcutsSheet` renders it. */
@Injectable({ providedIn: 'root' })
export class ShortcutsOverlay {
  readonly #isOpen = signal(false);
  readonly isOpen = this.#isOpen.asReadonly();

  show(): void {
    this.#isOpen.set(true);
  }

  close(): void {
    this.#isOpen.set(false);
  }
}
