import { DestroyRef, inject, signal, type Signal } from '@angular/core';

/** Whether a media query holds, as a signal. Call it where `inject` may be called. */
export function mediaSignal(query: string): Signal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  const follow = () => matches.set(list.matches);
  list.addEventListener('change', follow);
  inject(DestroyRef).onDestroy(() => list.removeEventListener('change', follow));
  return matches.asReadonly();
}
