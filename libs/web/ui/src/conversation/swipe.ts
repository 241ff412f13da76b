/** Distances of a swipe in pixels: before the message follows, before it counts, and at most. */
const slackPixels = 12;
const neededPixels = 56;
const mostPixels = 76;

interface Swipes {
  /** Returns the element that moves with the finger; undefined if it can't be swiped. */
  movableAt: (target: EventTarget | null) => HTMLElement | undefined;
  swiped: (element: HTMLElement) => void;
}

/**
 * Calls `swiped` when a finger pulls something in `host` towards the beginning of the line, until `signal` aborts. The
 * element follows by the custom property --pull (pixels), and data-pulled marks that releasing it will swipe.
 */
export function watchSwipe(host: HTMLElement, signal: AbortSignal, { movableAt, swiped }: Swipes): void {
  let start: PointerEvent | undefined;
  let element: HTMLElement | undefined;
  let isMoving = false;
  const release = () => {
    element?.style.removeProperty('--pull');
    element?.removeAttribute('data-pulled');
    start = element = undefined;
    isMoving = false;
  };
  const listen = <K extends keyof HTMLElementEventMap>(name: K, heard: (event: HTMLElementEventMap[K]) => void) =>
    host.addEventListener(name, heard, { signal });

  listen('pointerdown', (event) => {
    release();
    if (event.pointerType !== 'touch' || !event.isPrimary) return;
    // Content that scrolls sideways keeps the gesture.
    if (event.target instanceof Element && event.target.closest('pre, .code')) return;
    element = movableAt(event.target);
    start = element && event;
  });
  listen('pointermove', (event) => {
    if (!start || !element || event.pointerId !== start.pointerId) return;
    const sign = getComputedStyle(element).direction === 'rtl' ? -1 : 1;
    const pulled = (start.clientX - event.clientX) * sign;
    const across = Math.abs(event.clientY - start.clientY);
    if (!isMoving && (across > slackPixels || pulled < -slackPixels)) return release();
    if (!isMoving && pulled < slackPixels) return;
    isMoving = true;
    const way = Math.max(0, Math.min(mostPixels, pulled - slackPixels));
    element.style.setProperty('--pull', `${-way * sign}px`);
    const isEnough = way >= neededPixels - slackPixels;
    if (isEnough !== element.hasAttribute('data-pulled')) {
      element.toggleAttribute('data-pulled', isEnough);
      if (isEnough) navigator.vibrate?.(10);
    }
  });
  listen('pointerup', () => {
    const done = element?.hasAttribute('data-pulled') ? element : undefined;
    release();
    if (done) swiped(done);
  });
  listen('pointercancel', release);
}
