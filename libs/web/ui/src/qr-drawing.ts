import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { correction, generate } from 'lean-qr';
import { qrPath } from './qr-path';

/** Width of the light margin that readers expect, in modules. */
const quietZone = 4;

/** Drawing of a QR code: dark on light in every theme, because many readers support nothing else. */
@Component({
  selector: 'ch-qr-drawing',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg role="img" shape-rendering="crispEdges" [attr.viewBox]="code().box" [attr.aria-label]="label()">
      <path [attr.d]="code().path" />
    </svg>
  `,
  styles: `
    svg {
      width: 100%;
    }
    path {
      fill: #3a1f2d;
    }
  `,
})
export class QrDrawing {
  readonly text = input.required<string>();
  readonly label = input.required<string>();
  protected readonly code = computed(() => {
    const bitmap = generate(this.text(), { minCorrectionLevel: correction.M });
    const whole = bitmap.size + 2 * quietZone;
    return {
      box: `${-quietZone} ${-quietZone} ${whole} ${whole}`,
      path: qrPath(bitmap.size, (x, y) => bitmap.get(x, y)),
    };
  });
}
