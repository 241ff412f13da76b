import { DestroyRef, Injectable, inject } from '@angular/core';

/** Part of `history.state` that counts the overlays open when the entry was made. */
interface OverlayState {
  overlays?: number;
}

interface OpenOverlay {
  close: () => void;
}

const depthOf = (state: unknown): number => (state as OverlayState | null)?.overlays ?? 0;
const isPhone = () => matchMedia('(max-width: 719px)').matches;

/**
 * History entries for open overlays on phones, so that Back closes the topmost overlay before it leaves the screen.
 * Entries are updated one task later, so an overlay that replaces another changes nothing.
 */
@Injectable({ providedIn: 'root' })
export class OverlayHistory {
  readonly #open: OpenOverlay[] = [];
  #isTravelling = false;
  /** Work that waits until a navigation of the history has finished. */
  readonly #waiting: (() => void)[] = [];
  /** The application's current address. */
  #href = location.href;

  constructor() {
    // After a reload no overlay is open.
    this.#follow();
  }

  /** Registers an open overlay; `close` closes it. Returns the function that unregisters it. */
  opened(close: () => void): () => void {
    if (!isPhone()) return () => undefined;
    const overlay = { close };
    this.#open.push(overlay);
    this.#follow();
    return () => {
      const index = this.#open.indexOf(overlay);
      if (index === -1) return;
      this.#open.splice(index, 1);
      this.#follow();
    };
  }

  /** Returns whether the current entry belongs to an overlay: a new address replaces it. */
  get isOnOverlay(): boolean {
    return depthOf(history.state) > 0;
  }

  /** Runs `work` on the current entry: at once, or after a navigation of the history has finished. */
  whenArrived(work: () => void): void {
    if (this.#isTravelling) this.#waiting.push(work);
    else work();
  }

  /** Records that the application has navigated to another address. */
  moved(): void {
    this.#href = location.href;
    this.#follow();
  }

  /** Handles a popstate event. Returns whether the application has to navigate too. */
  travelled(): boolean {
    const wasAsked = this.#isTravelling;
    this.#isTravelling = false;
    const depth = depthOf(history.state);
    // An entry of an overlay that closed long ago: skips it.
    if (depth > this.#open.length) {
      this.#follow();
      return false;
    }
    if (wasAsked) this.#follow();
    else while (this.#open.length > depth) this.#open.pop()?.close();
    const isElsewhere = location.href !== this.#href;
    this.#href = location.href;
    for (const work of this.#waiting.splice(0)) work();
    return isElsewhere;
  }

  #follow(): void {
    setTimeout(() => {
      if (this.#isTravelling) return;
      let depth = depthOf(history.state);
      this.#isTravelling = depth > this.#open.length;
      if (this.#isTravelling) history.go(this.#open.length - depth);
      while (depth < this.#open.length) history.pushState({ ...history.state, overlays: ++depth }, '');
    });
  }
}

/** Registers an overlay for the lifetime of its component. Call it in an injection context. */
export function injectBackCloses(close: () => void): void {
  inject(DestroyRef).onDestroy(inject(OverlayHistory).opened(close));
}
