import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Icon, type IconName } from './icon';

export interface Choice<T extends string> {
  value: T;
  label: string;
  icon?: IconName;
  /** The label's language, if it differs from the page's. */
  lang?: string;
}

let groups = 0;

/** Choice of one out of few: radio buttons that look like pills. */
@Component({
  selector: 'ch-choices',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <fieldset>
      <legend class="visually-hidden">{{ legend() }}</legend>
      @for (choice of choices(); track choice.value) {
        <label>
          <input
            type="radio"
            class="visually-hidden"
            [name]="name"
            [value]="choice.value"
            [checked]="choice.value === value()"
            (change)="chosen.emit(choice.value)"
          />
          <span [attr.lang]="choice.lang">
            @if (choice.icon) {
              <ch-icon [name]="choice.icon" />
            }
            {{ choice.label }}
          </span>
        </label>
      }
    </fieldset>
  `,
  styles: `
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    label {
      position: relative;
      cursor: pointer;
    }
    span {
      --icon: 19px;
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 42px;
      padding: 8px 18px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      background: var(--surface);
      font-weight: 700;
      transition: background var(--quick) var(--ease);
    }
    label:hover span {
      background: var(--surface2);
    }
    input:checked + span {
      border-color: var(--brand);
      background: var(--brand-soft);
      color: var(--text);
    }
    input:focus-visible + span {
      outline: 3px solid var(--brand);
      outline-offset: 2px;
    }
    @media (forced-colors: active) {
      input:checked + span {
        outline: 2px solid Highlight;
      }
    }
  `,
})
export class Choices<T extends string> {
  readonly legend = input.required<string>();
  readonly choices = input.required<readonly Choice<T>[]>();
  readonly value = input.required<T>();
  readonly chosen = output<T>();
  protected readonly name = `ch-choices-${++groups}`;
}
