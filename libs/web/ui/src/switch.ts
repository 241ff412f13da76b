import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** Switch with its label; the whole line can be pressed. */
@Component({
  selector: 'ch-switch',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button type="button" role="switch" [attr.aria-checked]="isOn()" (click)="toggled.emit(!isOn())">
      <span class="words">
        <span class="label">{{ label() }}</span>
        @if (hint()) {
          <span class="hint">{{ hint() }}</span>
        }
      </span>
      <span class="track" aria-hidden="true"><span class="thumb"></span></span>
    </button>
  `,
  styles: `
    :host {
      display: block;
    }
    button {
      display: flex;
      align-items: center;
      gap: 16px;
      width: 100%;
      min-height: 44px;
      padding: 8px 12px;
      border-radius: 14px;
      text-align: start;
    }
    button:hover {
      background: var(--surface2);
    }
    .words {
      display: grid;
      flex: 1;
      min-width: 0;
    }
    .label {
      font-weight: 700;
    }
    .hint {
      color: var(--muted);
      font-size: 0.87em;
      line-height: 1.4;
    }
    .track {
      position: relative;
      flex: none;
      width: 46px;
      height: 28px;
      border: 2px solid var(--line-strong);
      border-radius: var(--pill);
      background: var(--surface);
      transition: background var(--quick) var(--ease);
    }
    .thumb {
      position: absolute;
      inset: 3px auto 3px 3px;
      width: 18px;
      border-radius: 50%;
      background: var(--line-strong);
      transition: transform var(--quick) var(--ease);
    }
    button[aria-checked='true'] .track {
      border-color: var(--brand);
      background: var(--brand);
    }
    button[aria-checked='true'] .thumb {
      transform: translateX(18px);
      background: var(--on-brand);
    }
    @media (forced-colors: active) {
      .thumb {
        background: ButtonText;
      }
      button[aria-checked='true'] .track {
        background: Highlight;
      }
    }
  `,
})
export class Switch {
  readonly isOn = input.required<boolean>();
  readonly label = input.required<string>();
  readonly hint = input<string>();
  readonly toggled = output<boolean>();
}
