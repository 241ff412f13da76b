import { ChangeDetectionStrategy, Component, computed, inject, model, signal, viewChild } from '@angular/core';
import { countGraphemes, limits, type AvatarColor } from '@cloudhop/contracts';
import { Language } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { Field, ToneChoice } from '@cloudhop/web/ui/form';
import { titleProblem } from './group-members';

/** Fields for a group's title and colour. */
@Component({
  selector: 'ch-group-fields',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Field, ToneChoice],
  template: `
    <div class="title">
      <ch-field
        [label]="t('groups.title')"
        [placeholder]="t('groups.titleExample')"
        [error]="error()"
        [(value)]="title"
      />
      <span class="count" aria-hidden="true" [class.over]="used() > limits.titleGraphemes">
        {{ numbers().format(used()) }}/{{ numbers().format(limits.titleGraphemes) }}
      </span>
    </div>
    <ch-tone-choice
      [legend]="t('groups.color')"
      [value]="color()"
      [initial]="title().trim() || t('groups.titleExample')"
      (chosen)="color.set($event)"
    />
  `,
  styles: `
    :host {
      display: grid;
      gap: 12px;
    }
    .title {
      position: relative;
    }
    .count {
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
export class GroupFields {
  readonly title = model.required<string>();
  readonly color = model.required<AvatarColor | undefined>();
  protected readonly t = injectTranslate();
  protected readonly limits = limits;
  protected readonly numbers = inject(Language).numbers;
  readonly #isChecked = signal(false);
  /** Shown after the first submit, for as long as it is true. */
  protected readonly error = computed(() => {
    const problem = this.#isChecked() ? titleProblem(this.title()) : undefined;
    return problem && this.t(`groups.titleProblem.${problem}`, { count: limits.titleGraphemes });
  });
  protected readonly used = computed(() => countGraphemes(this.title().trim()));
  private readonly field = viewChild.required(Field);

  /** Returns whether the title is valid; if not, shows the error and focuses the field. */
  check(): boolean {
    this.#isChecked.set(true);
    const isFine = titleProblem(this.title()) === undefined;
    if (!isFine) this.field().focus();
    return isFine;
  }
}
