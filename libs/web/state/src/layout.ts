import { DOCUMENT, DestroyRef, Injectable, inject, signal } from '@angular/core';
import { mediaSignal } from './media-query';
import { readPreference, writePreference } from './preferences';

/** Size classes of the screen, and the visible part of the page while a phone's keyboard covers the rest. */
@Injectable({ providedIn: 'root' })
export class Layout {
  /** True if the pane on the right fits. */
  readonly isWide = mediaSignal('(min-width: 1100px)');
  readonly isPhone = mediaSignal('(max-width: 719px)');
  readonly #isPaneOpen = signal(readPreference('pane') !== 'closed');
  readonly isPaneOpen = this.#isPaneOpen.asReadonly();

  constructor() {
    const view = inject(DOCUMENT).defaultView;
    const visible = view?.visualViewport;
    const root = view?.document.documentElement;
    if (!visible || !root) return;
    const follow = () => {
      // While pinch-zoomed, the visual viewport is a lens over the page and says nothing about the keyboard.
      const isZoomed = visible.scale > 1.01;
      const hidden = view.innerHeight - visible.height;
      if (isZoomed || hidden < 1) {
        root.style.removeProperty('--visible-height');
        root.style.removeProperty('--visible-top');
      } else {
        root.style.setProperty('--visible-height', `${visible.height}px`);
        root.style.setProperty('--visible-top', `${visible.offsetTop}px`);
      }
      root.classList.toggle('keyboard-open', !isZoomed && hidden > 140);
    };
    visible.addEventListener('resize', follow);
    visible.addEventListener('scroll', follow);
    inject(DestroyRef).onDestroy(() => {
      visible.removeEventListener('resize', follow);
      visible.removeEventListener('scroll', follow);
    });
  }

  togglePane(): void {
    this.#isPaneOpen.update((isOpen) => !isOpen);
    writePreference('pane', this.#isPaneOpen() ? undefined : 'closed');
  }
}
