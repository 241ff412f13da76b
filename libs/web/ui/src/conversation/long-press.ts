const pressMs = 450;
const slackPixels = 10;

/**
 * Calls `pressed` when a finger rests on `host`, until `signal` aborts. Mice and pens use the second button instead.
 */
export function watchLongPress(host: HTMLElement, signal: AbortSignal, pressed: (event: PointerEvent) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start: PointerEvent | undefined;
  let firedAt = -Infinity;
  const stop = () => {
    clearTimeout(timer);
    start = undefined;
  };
  const listen = <K extends keyof HTMLElementEventMap>(
    name: K,
    heard: (event: HTMLElementEventMap[K]) => void,
    capture = false,
  ) => host.addEventListener(name, heard, { signal, capture });

  listen('pointerdown', (event) => {
    stop();
    if (event.pointerType !== 'touch' || !event.isPrimary) return;
    start = event;
    timer = setTimeout(() => {
      firedAt = performance.now();
      stop();
      pressed(event);
    }, pressMs);
  });
  listen('pointermove', (event) => {
    if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > slackPixels) stop();
  });
  listen('pointerup', (event) => {
    stop();
    // The click follows right after the finger leaves, however long it rested.
    if (firedAt > -Infinity) firedAt = Math.max(firedAt, event.timeStamp);
    setTimeout(() => (firedAt = -Infinity), 300);
  });
  listen('pointercancel', stop);
  listen('scroll', stop, true);
  // Suppresses the browser's own reaction to the press, and the click when the finger leaves. Capturing comes before
  // all other listeners: an open menu would close on a click outside of it.
  const swallow = (event: Event) => {
    if (event.timeStamp - firedAt > 1_000) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('contextmenu', swallow, { signal, capture: true });
  window.addEventListener('click', swallow, { signal, capture: true });
  listen('contextmenu', stop, true);
}
