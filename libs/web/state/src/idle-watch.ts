import { DOCUMENT, DestroyRef, Injectable, inject } from '@angular/core';
import { limits } from '@cloudhop/contracts';
import { ClientStore } from './client-store';
import { watchIdleness } from './idleness';

/** What only a person does: lists also scroll by themselves when something is said, so scrolling counts by its wheel, touch or key. */
const signs = ['pointerdown', 'pointermove', 'keydown', 'input', 'touchstart', 'touchmove', 'wheel'] as const;

/** Tells whether somebody is at this device. A page that is hidden gets no signs of life, so its time counts as none. */
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
    // Not captured: only the window itself, and no field that the page focuses.
    view.addEventListener('focus', () => idleness.active(), { signal: ended.signal });
    inject(DestroyRef).onDestroy(() => {
      ended.abort();
      idleness.stop();
    });
  }
}
