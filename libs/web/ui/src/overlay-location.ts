import { BrowserPlatformLocation, type LocationChangeListener } from '@angular/common';
import { Injectable, inject } from '@angular/core';
import { OverlayHistory } from './overlay-history';

/** Location for the router, without the history entries of overlays. */
@Injectable()
export class OverlayLocation extends BrowserPlatformLocation {
  readonly #overlays = inject(OverlayHistory);

  override onPopState(listener: LocationChangeListener): VoidFunction {
    return super.onPopState((event) => {
      if (this.#overlays.travelled()) listener(event);
    });
  }

  override pushState(state: unknown, title: string, url: string): void {
    this.#overlays.whenArrived(() => {
      if (this.#overlays.isOnOverlay) super.replaceState(state, title, url);
      else super.pushState(state, title, url);
      this.#overlays.moved();
    });
  }

  override replaceState(state: unknown, title: string, url: string): void {
    this.#overlays.whenArrived(() => {
      super.replaceState(state, title, url);
      this.#overlays.moved();
    });
  }
}
