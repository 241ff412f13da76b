/**
 * Keeps the release of the mouse button that opened a menu from counting as a click outside of it.
 * Where a menu opens on the press (Linux, macOS) the release comes after; where it opens on the release, nothing does.
 */
export function ignoreRelease(): void {
  const ended = new AbortController();
  const options = { capture: true, signal: ended.signal };
  const swallow = (event: MouseEvent) => {
    event.stopImmediatePropagation();
    ended.abort();
  };
  // On the window, before the overlays' own listeners on the body.
  window.addEventListener('auxclick', swallow, options);
  window.addEventListener('click', (event) => event.ctrlKey && swallow(event), options);
  window.addEventListener('pointerdown', () => ended.abort(), options);
}
