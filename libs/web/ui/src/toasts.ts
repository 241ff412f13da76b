import { Injectable, signal } from '@angular/core';

/** Short message at the bottom of the page, with at most one action. */
export interface Toast {
  text: string;
  action?: string;
  act?: () => void;
  /** Display time; extended while a pointer or the focus is on the toast. */
  durationMs?: number;
  /** Set for notifications: they wait for a toast about the user's own action. */
  isNotification?: boolean;
}

const usualMs = 5_000;

/** Queue of toasts; one is shown at a time. */
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

  /** Returns true while a notification is shown or queued. Further events are merged into it. */
  hasNotification(): boolean {
    return this.#current()?.isNotification === true || this.#waiting !== undefined;
  }

  /** Replaces the notification on screen, or the queued one, without extending its time; undefined withdraws it. */
  replaceNotification(notification: Toast | undefined): void {
    if (this.#waiting) this.#waiting = notification;
    else if (this.#current()?.isNotification) {
      if (notification) this.#current.set(notification);
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

  /** Stops the timer while a pointer or the focus is on the toast. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dismiss(), this.#current()?.durationMs ?? usualMs);
  }
}
