import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { QrDrawing } from './qr-drawing';

/** A text that a camera can read, on light ground in every theme. What draws it is loaded when one is on screen. */
@Component({
  selector: 'ch-qr-code',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [QrDrawing],
  template: `
    @defer (on immediate) {
      <ch-qr-drawing [text]="text()" [label]="label()" />
    }
  `,
  styles: `
    :host {
      display: block;
      width: 196px;
      height: 196px;
      padding: 4px;
      border: 1px solid var(--line);
      border-radius: 18px;
      background: #ffffff;
      forced-color-adjust: none;
    }
  `,
})
export class QrCode {
  readonly text = input.required<string>();
  readonly label = input.required<string>();
}
