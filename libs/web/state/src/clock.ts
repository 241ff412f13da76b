import { DestroyRef, Injectable, inject, signal, type Signal } from '@angular/core';

/** Current time as signals that change only when the display does. */
@Injectable({ providedIn: 'root' })
export class Clock {
  readonly #day = signal(dayOf(new Date()));
  /** Changes at midnight, for labels such as "today". */
  readonly day = this.#day.asReadonly();

  readonly #minute = signal(minuteOf(Date.now()));
  /** Milliseconds since the epoch, at most a minute and a half old: for texts such as "5 minutes ago". */
  readonly minute = this.#minute.asReadonly();

  constructor() {
    const timer = setInterval(() => {
      this.#day.set(dayOf(new Date()));
      this.#minute.set(minuteOf(Date.now()));
    }, 30_000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}

/**
 * Returns a signal of milliseconds since the epoch that ticks every `everyMs` while the caller lives. Call it in an
 * injection context.
 */
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
