import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';
import { limits } from '@cloudhop/contracts';
import { ClientStore } from './client-store';
import { watchIdleness } from './idleness';

/**
 * Events that only a user causes. Lists also scroll by themselves for a new message, so scrolling counts by wheel,
 * touch or key.
 */
const signs = ['pointerdown', 'pointermove', 'keydown', 'input', 'touchstart', 'touchmove', 'wheel'] as const;

/** Watches whether the user is active on this device. A hidden page gets no events, so it counts as inactive. */
@Injectable({ providedIn: 'root' })
export class IdleWatch {
  constructor() {
    const { act } = inject(ClientStore);
    const view = inject(DOCUMENT).defaultView;
    if (!view) return;
    const idleness = watchIdleness({
      afterMs: limits.idleAfterMs,
      timer: {
        now: () => Date.now(),
        after: (ms, due) => {
          const timer = setTimeout(due, ms);
          return () => clearTimeout(timer);
        },
      },
      tell: (isIdle) => act.setIdle(isIdle),
    });
    const ended = new AbortController();
    const options = { passive: true, capture: true, signal: ended.signal };
    for (const sign of signs) view.addEventListener(sign, () => idleness.active(), options);
    // Not captured: only the window's own focus, and no field that the page focuses.
    view.addEventListener('focus', () => idleness.active(), { signal: ended.signal });
    inject(DestroyRef).onDestroy(() => {
      ended.abort();
      idleness.stop();
    });
  }
}
