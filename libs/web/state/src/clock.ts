import { DestroyRef, Injectable, inject, signal, type Signal } from '@angular/core';

/** The time, as far as the screen needs it: signals that only move when what they show does. */
@Injectable({ providedIn: 'root' })
export class Clock {
  readonly #day = signal(dayOf(new Date()));
  /** Changes at midnight: labels like "today" depend on it. */
  readonly day = this.#day.asReadonly();

  readonly #minute = signal(minuteOf(Date.now()));
  /** Milliseconds since the epoch, at most a minute and a half ago: for words like "5 minutes ago". */
  readonly minute = this.#minute.asReadonly();

  constructor() {
    const timer = setInterval(() => {
      this.#day.set(dayOf(new Date()));
      this.#minute.set(minuteOf(Date.now()));
    }, 30_000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}

/** Milliseconds since the epoch, moving every `everyMs` while the caller lives. Call it where `inject` may be called. */
export function ticking(everyMs: number): Signal<number> {
  const now = signal(Date.now());
  const timer = setInterval(() => now.set(Date.now()), everyMs);
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
  return now.asReadonly();
}

function minuteOf(at: number): number {
  return at - (at % 60_000);
}

function dayOf(date: Date): string {
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
