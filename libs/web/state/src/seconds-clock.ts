import { effect, signal, untracked, type Signal } from '@angular/core';
import { lastTickAt } from './countdown';

/**
 * Current time in milliseconds since the epoch, updated every second until the last of `times`. Shared by all
 * countdowns of a conversation. Requires an injection context.
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
