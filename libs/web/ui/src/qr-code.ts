import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { QrDrawing } from './qr-drawing';

/** QR code of a text, on a light background in every theme. The drawing code is loaded with the first one. */
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
