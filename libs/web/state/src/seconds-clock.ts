import { effect, signal, untracked, type Signal } from '@angular/core';
import { lastTickAt } from './countdown';

/**
 * The time in milliseconds since the epoch, moving every second for as long as one of `times` is to come. One clock for
 * all that runs in a conversation. Call it where `inject` may be called.
 */
export function injectSecondsClock(times: Signal<readonly (number | undefined)[]>): Signal<number> {
  const now = signal(Date.now());
  effect((onCleanup) => {
    const wanted = times();
    untracked(() => now.set(Date.now()));
    if (lastTickAt(wanted, Date.now()) === undefined) return;
    const timer = setInterval(() => {
      now.set(Date.now());
      if (lastTickAt(wanted, Date.now()) === undefined) clearInterval(timer);
    }, 1_000);
    onCleanup(() => clearInterval(timer));
  });
  return now.asReadonly();
}
