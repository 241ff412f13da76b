import { Injectable, signal } from '@angular/core';

/** Whether the list of keys is open: any screen may ask for it, the frame around the page shows it. */
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
