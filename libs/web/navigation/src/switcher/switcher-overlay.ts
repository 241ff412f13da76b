import { Injectable, signal } from '@angular/core';

/** State of the quick switcher. Any screen can open it; `QuickSwitcher` renders it. */
@Injectable({ providedIn: 'root' })
export class SwitcherOverlay {
  readonly #isOpen = signal(false);
  readonly isOpen = this.#isOpen.asReadonly();

  open(): void {
    this.#isOpen.set(true);
  }

  close(): void {
    this.#isOpen.set(false);
  }
}
