import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Avatar, injectTranslate } from '@cloudhop/web/ui';
import type { AvatarColor } from '@cloudhop/contracts';

const colors: readonly AvatarColor[] = ['rose', 'sky', 'lavender', 'mint', 'butter'];

/** Choice of the pastel behind the user's initial: radio buttons that look like the avatar. */
@Component({
  selector: 'ch-color-choice',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar],
  template: `
    <fieldset>
      <legend>{{ t('settings.profile.color') }}</legend>
      @for (color of colors; track color) {
        <label>
          <input
            type="radio"
            class="visually-hidden"
            name="ch-color"
            [value]="color"
            [checked]="color === value()"
            (change)="chosen.emit(color)"
          />
          <ch-avatar seed="" [name]="initial()" [color]="color" />
          <span>{{ t('settings.profile.colors.' + color) }}</span>
        </label>
      }
    </fieldset>
  `,
  styles: `
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 4px;
    }
    legend {
      padding-bottom: 6px;
      font-size: 0.95em;
      font-weight: 800;
    }
    label {
      --avatar: 46px;
      position: relative;
      display: grid;
      justify-items: center;
      gap: 3px;
      min-width: 54px;
      padding: 6px 2px;
      border: 2px solid transparent;
      border-radius: var(--radius-tile);
      cursor: pointer;
    }
    label:hover {
      background: var(--surface2);
    }
    label:has(:checked) {
      border-color: var(--brand);
    }
    label:has(:focus-visible) {
      outline: 3px solid var(--brand);
      outline-offset: 2px;
    }
    span {
      font-size: 0.82em;
      font-weight: 700;
    }
  `,
})
export class ColorChoice {
  readonly value = input.required<AvatarColor | undefined>();
  readonly initial = input.required<string>();
  readonly chosen = output<AvatarColor>();
  protected readonly colors = colors;
  protected readonly t = injectTranslate();
}
