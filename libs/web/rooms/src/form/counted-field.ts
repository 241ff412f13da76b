import { ChangeDetectionStrategy, Component, computed, inject, input, model, viewChild } from '@angular/core';
import { countGraphemes } from '@cloudhop/contracts';
import { Language } from '@cloudhop/web/state';
import { Field } from '@cloudhop/web/ui/form';

/** Text field with a count of the used characters. */
@Component({
  selector: 'ch-counted-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Field],
  template: `
    <ch-field [label]="label()" [placeholder]="placeholder()" [hint]="hint()" [error]="error()" [(value)]="value" />
    <span aria-hidden="true" [class.over]="used() > maxLength()">
      {{ numbers().format(used()) }}/{{ numbers().format(maxLength()) }}
    </span>
  `,
  styles: `
    :host {
      position: relative;
      display: block;
    }
    span {
      position: absolute;
      inset: 0 16px auto auto;
      color: var(--muted);
      font-size: 0.82em;
      font-variant-numeric: tabular-nums;
      line-height: 1.7;
    }
    .over {
      color: var(--danger);
      font-weight: 800;
    }
  `,
})
export class CountedField {
  readonly label = input.required<string>();
  /** Maximum length in graphemes. */
  readonly maxLength = input.required<number>();
  readonly placeholder = input('');
  readonly hint = input<string>();
  readonly error = input<string>();
  readonly value = model.required<string>();
  protected readonly numbers = inject(Language).numbers;
  protected readonly used = computed(() => countGraphemes(this.value().trim()));
  private readonly field = viewChild.required(Field);

  focus(): void {
    this.field().focus();
  }
}
