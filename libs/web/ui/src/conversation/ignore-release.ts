/**
 * Keeps the release of the mouse button that opened a menu from counting as a click outside of it. On Linux and macOS
 * a menu opens on the press and the release follows; elsewhere it opens on the release.
 */
export function ignoreRelease(): void {
  const ended = new AbortController();
  const options = { capture: true, signal: ended.signal };
  const swallow = (event: MouseEvent) => {
    event.stopImmediatePropagation();
    ended.abort();
  };
  // On the window, so that it runs before the overlays' own listeners on the body.
  window.addEventListener('auxclick', swallow, options);
  window.addEventListener('click', (event) => event.ctrlKey && swallow(event), options);
  window.addEventListener('pointerdown', () => ended.abort(), options);
}
