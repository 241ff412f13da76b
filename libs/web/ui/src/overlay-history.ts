import { DestroyRef, Injectable, inject } from '@angular/core';

/** The part of `history.state` that counts what was open over the page when its entry was made. */
interface OverlayState {
  overlays?: number;
}

interface OpenOverlay {
  close: () => void;
}

const depthOf = (state: unknown): number => (state as OverlayState | null)?.overlays ?? 0;
const isPhone = () => matchMedia('(max-width: 719px)').matches;

/**
 * Entries of the browser's history for what is open over the page on a phone, so that Back closes the topmost before it
 * leaves the screen. Entries follow what is open a task later: what closes while another opens changes nothing.
 */
@Injectable({ providedIn: 'root' })
export class OverlayHistory {
  readonly #open: OpenOverlay[] = [];
  #isTravelling = false;
  /** What must wait until the browser has arrived. */
  readonly #waiting: (() => void)[] = [];
  /** The address that the application knows of. */
  #href = location.href;

  constructor() {
    // A reload comes back without what was open.
    this.#follow();
  }

  /** Call when something opens; `close` closes it. Returns the way to say that it is closed. */
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

  /** Whether the entry of the moment is one of an overlay: a new address takes its place. */
  get isOnOverlay(): boolean {
    return depthOf(history.state) > 0;
  }

  /** Does `work` on the entry on which the browser stays: at once, or when it has arrived there. */
  whenArrived(work: () => void): void {
    if (this.#isTravelling) this.#waiting.push(work);
    else work();
  }

  /** The application went to another address. */
  moved(): void {
    this.#href = location.href;
    this.#follow();
  }

  /** Follows the browser to another entry of its history. Returns whether the application has to follow too. */
  travelled(): boolean {
    const wasAsked = this.#isTravelling;
    this.#isTravelling = false;
    const depth = depthOf(history.state);
    // An entry of something that closed long ago: whoever goes back does not want to stop there.
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

/** Tells the browser's history that something is open for as long as its component lives. Call it where `inject` may be called. */
export function injectBackCloses(close: () => void): void {
  inject(DestroyRef).onDestroy(inject(OverlayHistory).opened(close));
}
