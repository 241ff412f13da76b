const pressMs = 450;
const slackPixels = 10;

/** Calls `pressed` when a finger rests on `host`; ends with `signal`. Mice and pens have a second button for it. */
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
    // However long the finger rested, the click comes right after it leaves.
    if (firedAt > -Infinity) firedAt = Math.max(firedAt, event.timeStamp);
    setTimeout(() => (firedAt = -Infinity), 300);
  });
  listen('pointercancel', stop);
  listen('scroll', stop, true);
  // The browser's own answer to the same press, and the click when the finger leaves, are not wanted as well.
  // They are caught before everyone else: an open menu takes a click outside of it as a wish to be closed.
  const swallow = (event: Event) => {
    if (event.timeStamp - firedAt > 1_000) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('contextmenu', swallow, { signal, capture: true });
  window.addEventListener('click', swallow, { signal, capture: true });
  listen('contextmenu', stop, true);
}
