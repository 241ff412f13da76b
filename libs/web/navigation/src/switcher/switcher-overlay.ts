import { Injectable, signal } from '@angular/core';

/** Whether the way to everywhere is open: any screen may ask for it, the frame around the page shows it. */
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
