import { DestroyRef, inject, signal, type Signal } from '@angular/core';

/** Returns whether a media query matches, as a signal. Call it in an injection context. */
export function mediaSignal(query: string): Signal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  const follow = () => matches.set(list.matches);
  list.addEventListener('change', follow);
  inject(DestroyRef).onDestroy(() => list.removeEventListener('change', follow));
  return matches.asReadonly();
}
