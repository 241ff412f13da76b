import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { AvatarColor } from '@cloudhop/contracts';
import { Avatar } from './avatar';
import { injectTranslate } from './translate';

const colors: readonly AvatarColor[] = ['rose', 'sky', 'lavender', 'mint', 'butter'];
let groups = 0;

/** Choice of a pastel for a tile: radio buttons that look like the tile. */
@Component({
  selector: 'ch-tone-choice',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar],
  template: `
    <fieldset>
      <legend>{{ legend() }}</legend>
      @for (color of colors; track color) {
        <label>
          <input
            type="radio"
            class="visually-hidden"
            [name]="name"
            [value]="color"
            [checked]="color === value()"
            (change)="chosen.emit(color)"
          />
          <ch-avatar seed="" [name]="initial()" [color]="color" />
          <span class="visually-hidden">{{ t('settings.profile.colors.' + color) }}</span>
        </label>
      }
    </fieldset>
  `,
  styles: `
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 2px;
    }
    legend {
      padding: 0 16px 4px;
      font-size: 0.9em;
      font-weight: 700;
    }
    label {
      --avatar: 40px;
      position: relative;
      padding: 3px;
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
    @media (forced-colors: active) {
      label:has(:checked) {
        outline: 2px solid Highlight;
      }
    }
  `,
})
export class ToneChoice {
  readonly legend = input.required<string>();
  readonly value = input.required<AvatarColor | undefined>();
  /** Letter on the tiles. */
  readonly initial = input.required<string>();
  readonly chosen = output<AvatarColor>();
  protected readonly colors = colors;
  protected readonly name = `ch-tones-${++groups}`;
  protected readonly t = injectTranslate();
}
