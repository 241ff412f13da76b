import { OverlayContainer } from '@angular/cdk/overlay';
import { Injectable } from '@angular/core';

/** Overlay container inside the main landmark, so that users who navigate by landmarks find overlays. */
@Injectable()
export class MainOverlays extends OverlayContainer {
  protected override _createContainer(): void {
    super._createContainer();
    if (this._containerElement) this._document.querySelector('main')?.append(this._containerElement);
  }
}
