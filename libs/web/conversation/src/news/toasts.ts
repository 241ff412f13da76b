import { Injectable, signal } from '@angular/core';

/** A sentence at the bottom of the page, with at most one way to act on it. */
export interface Toast {
  text: string;
  action?: string;
  act?: () => void;
  /** How long it stays; longer while someone is about to press it. */
  durationMs?: number;
}

const usualMs = 5_000;

/** What the page says in passing: one sentence at a time, the latest. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  readonly #current = signal<Toast | undefined>(undefined);
  readonly current = this.#current.asReadonly();
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(toast: Toast): void {
    this.#current.set(toast);
    this.resume();
  }

  act(): void {
    const toast = this.#current();
    this.dismiss();
    toast?.act?.();
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.#current.set(undefined);
  }

  /** It stays for as long as a pointer or the focus is on it. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#current.set(undefined), this.#current()?.durationMs ?? usualMs);
  }
}
