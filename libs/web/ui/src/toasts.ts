import { Injectable, signal } from '@angular/core';

/** A sentence at the bottom of the page, with at most one way to act on it. */
export interface Toast {
  text: string;
  action?: string;
  act?: () => void;
  /** How long it stays; longer while someone is about to press it. */
  durationMs?: number;
  /** Something that came from outside: it waits until what the person just did has been said. */
  isNotification?: boolean;
}

const usualMs = 5_000;

/** What the page says in passing: one sentence at a time. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  readonly #current = signal<Toast | undefined>(undefined);
  readonly current = this.#current.asReadonly();
  #waiting: Toast | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(toast: Toast): void {
    const current = this.#current();
    if (toast.isNotification && current && !current.isNotification) {
      this.#waiting = toast;
      return;
    }
    this.#current.set(toast);
    this.resume();
  }

  /** Whether news are on screen, or about to be: what comes now is said together with them. */
  hasNotification(): boolean {
    return this.#current()?.isNotification === true || this.#waiting !== undefined;
  }

  /** Says `news` in place of the news on screen, for as long as those would have stayed; without, withdraws them. */
  replaceNotification(news: Toast | undefined): void {
    if (this.#waiting) this.#waiting = news;
    else if (this.#current()?.isNotification) {
      if (news) this.#current.set(news);
      else this.dismiss();
    }
  }

  act(): void {
    const toast = this.#current();
    this.dismiss();
    toast?.act?.();
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    const next = this.#waiting;
    this.#waiting = undefined;
    this.#current.set(undefined);
    if (next) this.show(next);
  }

  /** It stays for as long as a pointer or the focus is on it. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dismiss(), this.#current()?.durationMs ?? usualMs);
  }
}
