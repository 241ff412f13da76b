import { OverlayContainer } from '@angular/cdk/overlay';
import { Injectable } from '@angular/core';

/** Keeps what floats inside the page's main landmark, so that whoever walks by landmarks finds it. */
@Injectable()
export class MainOverlays extends OverlayContainer {
  protected override _createContainer(): void {
    super._createContainer();
    if (this._containerElement) this._document.querySelector('main')?.append(this._containerElement);
  }
}
