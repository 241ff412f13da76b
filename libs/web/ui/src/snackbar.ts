import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** Short message at the bottom, with at most one action. */
@Component({
  selector: 'ch-snackbar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span>{{ text() }}</span>
    @if (action(); as action) {
      <button type="button" (click)="acted.emit()">{{ action }}</button>
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 8px;
      width: fit-content;
      max-width: 100%;
      min-height: 48px;
      padding: 4px 20px;
      border-radius: 24px;
      background: light-dark(#4a2b3a, #f6e9f2);
      color: light-dark(#fff5f8, #3a2233);
      box-shadow: var(--shadow-high);
      font-weight: 700;
      pointer-events: auto;
      animation: rise var(--calm) var(--ease);
    }
    button {
      flex: none;
      min-height: 40px;
      margin-inline-end: -12px;
      padding: 0 14px;
      border-radius: var(--pill);
      color: light-dark(#ffb3cd, #a81f55);
      font-weight: 900;
    }
    button:hover {
      background: rgb(255 143 182 / 18%);
    }
    button:focus-visible {
      outline-color: currentcolor;
    }
    @media (forced-colors: active) {
      :host {
        border: 1px solid CanvasText;
      }
    }
    @keyframes rise {
      from {
        opacity: 0;
        transform: translateY(10px);
      }
    }
  `,
})
export class Snackbar {
  readonly text = input.required<string>();
  readonly action = input<string>();
  readonly acted = output();
}
