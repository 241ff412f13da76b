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
      firedAt = event.timeStamp + pressMs;
      stop();
      pressed(event);
    }, pressMs);
  });
  listen('pointermove', (event) => {
    if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > slackPixels) stop();
  });
  for (const name of ['pointerup', 'pointercancel', 'scroll'] as const) listen(name, stop, name === 'scroll');
  // The browser's own answer to the same press, and the click when the finger leaves, are not wanted as well.
  listen(
    'contextmenu',
    (event) => {
      if (event.timeStamp - firedAt < 1_000) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else stop();
    },
    true,
  );
  listen(
    'click',
    (event) => {
      if (event.timeStamp - firedAt > 1_200) return;
      firedAt = -Infinity;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
}
