import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** One option, with its explanation. */
export interface Option<T extends string> {
  value: T;
  label: string;
  hint: string;
  /** Not available to this user; the hint says why. */
  isOff?: boolean;
}

let groups = 0;

/** Choice of one out of few options that need explanation: radio buttons that look like cards. */
@Component({
  selector: 'ch-option-cards',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset>
      <legend>{{ legend() }}</legend>
      @for (option of options(); track option.value) {
        <label [class.off]="option.isOff">
          <input
            type="radio"
            class="visually-hidden"
            [name]="name"
            [value]="option.value"
            [checked]="option.value === value()"
            [disabled]="option.isOff"
            (change)="chosen.emit(option.value)"
          />
          <span class="dot" aria-hidden="true"></span>
          <span class="words">
            <span class="label">{{ option.label }}</span>
            <span class="hint">{{ option.hint }}</span>
          </span>
        </label>
      }
      <ng-content />
    </fieldset>
  `,
  styles: `
    fieldset {
      display: grid;
      gap: 6px;
    }
    legend {
      padding: 0 16px 6px;
      font-size: 0.9em;
      font-weight: 700;
    }
    label {
      position: relative;
      display: flex;
      gap: 12px;
      min-height: 44px;
      padding: 10px 14px;
      border: 1px solid var(--line);
      border-radius: var(--radius-tile);
      background: var(--surface);
      cursor: pointer;
      transition: background var(--quick) var(--ease);
    }
    label:hover:not(.off, :has(:checked)) {
      background: var(--surface2);
    }
    label:has(:checked) {
      border-color: var(--brand);
      background: var(--brand-soft);
    }
    label:has(:focus-visible) {
      outline: 3px solid var(--brand);
      outline-offset: 2px;
    }
    .off {
      background: var(--surface2);
      cursor: default;
    }
    .dot {
      flex: none;
      width: 20px;
      height: 20px;
      margin-top: 1px;
      border: 2px solid var(--line-strong);
      border-radius: 50%;
      background: var(--surface);
    }
    .off .dot {
      border-style: dashed;
    }
    :checked ~ .dot {
      border: 6px solid var(--brand);
    }
    .words {
      display: grid;
      min-width: 0;
    }
    .label {
      font-weight: 800;
    }
    .off .label {
      color: var(--muted);
    }
    .hint {
      color: var(--muted);
      font-size: 0.87em;
      line-height: 1.4;
    }
    label:has(:checked) .hint {
      color: var(--text);
    }
    @media (forced-colors: active) {
      label:has(:checked) {
        outline: 2px solid Highlight;
      }
    }
  `,
})
export class OptionCards<T extends string> {
  readonly legend = input.required<string>();
  readonly options = input.required<readonly Option<T>[]>();
  readonly value = input.required<T>();
  readonly chosen = output<T>();
  protected readonly name = `ch-options-${++groups}`;
}
