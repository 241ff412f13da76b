import { ChangeDetectionStrategy, Component, computed, inject, output, signal, viewChild } from '@angular/core';
import {
  countGraphemes,
  displayNameRule,
  limits,
  normalText,
  textProblem,
  type RouteReply,
  type Scope,
} from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Choices, Field, type Choice } from '@cloudhop/web/ui/form';
import { scopeLabels } from './scope-labels';

const dayMs = 24 * 3_600_000;

/** Lifetimes of a token; `always` lasts until it is revoked. */
const tokenLifetimes = ['month', 'year', 'always'] as const;
type TokenLifetime = (typeof tokenLifetimes)[number];

export type MadeToken = RouteReply<'tokens.create'>;

/** Form for a new token: name, scopes, lifetime. */
@Component({
  selector: 'ch-token-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Choices, Field],
  template: `
    <form (submit)="$event.preventDefault(); submit()" (keydown.escape)="cancelled.emit()">
      <ch-field
        [label]="t('tokens.name')"
        [placeholder]="t('tokens.nameExample')"
        [error]="labelProblem()"
        [(value)]="label"
      />
      <fieldset>
        <legend>{{ t('tokens.may') }}</legend>
        @for (row of scopes; track row.scope) {
          <label>
            <input type="checkbox" [checked]="chosen().has(row.scope)" (change)="toggle(row.scope)" />
            <span>
              {{ t(row.words) }} <code>{{ row.scope }}</code>
            </span>
          </label>
        }
        <p class="problem" role="alert">{{ scopeProblem() }}</p>
      </fieldset>
      <h4 aria-hidden="true">{{ t('tokens.life') }}</h4>
      <ch-choices [legend]="t('tokens.life')" [choices]="lives()" [value]="life()" (chosen)="life.set($event)" />
      <p class="problem" role="alert">{{ problem() }}</p>
      <div class="buttons">
        <button chButton type="submit" [disabled]="isBusy()">{{ t('tokens.make') }}</button>
        <button chButton look="soft" type="button" (click)="cancelled.emit()">{{ t('tokens.cancel') }}</button>
      </div>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 12px;
      padding: 16px;
      border-radius: var(--radius-card);
      background: var(--surface2);
    }
    ch-field {
      max-width: 26em;
    }
    legend,
    h4 {
      padding: 0 0 4px;
      font-size: 0.9em;
      font-weight: 700;
    }
    h4 {
      margin: 0 0 -8px;
    }
    label {
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 44px;
      padding: 4px 0;
      cursor: pointer;
    }
    input {
      flex: none;
      width: 20px;
      height: 20px;
      accent-color: var(--brand);
    }
    code {
      color: var(--muted);
      font: inherit;
      font-size: 0.85em;
      white-space: nowrap;
    }
    .problem {
      color: var(--danger);
      font-size: 0.9em;
      font-weight: 700;
    }
    .problem:empty {
      display: none;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
})
export class TokenForm {
  readonly made = output<MadeToken>();
  readonly cancelled = output();
  protected readonly t = injectTranslate();
  protected readonly scopes = scopeLabels;
  protected readonly label = signal('');
  protected readonly chosen = signal<ReadonlySet<Scope>>(new Set(['messages:write']));
  protected readonly life = signal<TokenLifetime>('year');
  protected readonly lives = computed((): readonly Choice<TokenLifetime>[] =>
    tokenLifetimes.map((value) => ({ value, label: this.t(`tokens.lives.${value}`) })),
  );
  protected readonly labelProblem = signal<string | undefined>(undefined);
  protected readonly scopeProblem = signal('');
  protected readonly problem = signal('');
  protected readonly isBusy = signal(false);
  readonly #store = inject(ClientStore);
  private readonly field = viewChild.required(Field);

  focus(): void {
    this.field().focus();
  }

  protected toggle(scope: Scope): void {
    this.scopeProblem.set('');
    this.chosen.update((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(scope)) next.add(scope);
      return next;
    });
  }

  protected async submit(): Promise<void> {
    if (this.isBusy() || !this.#check()) return;
    this.isBusy.set(true);
    try {
      const expiresInMs = lifetimeMs(this.life());
      const scopes = scopeLabels.flatMap(({ scope }) => (this.chosen().has(scope) ? [scope] : []));
      const body = { label: this.label().trim(), scopes, ...(expiresInMs !== undefined && { expiresInMs }) };
      this.made.emit(await this.#store.act.call('tokens.create', { body }));
    } catch (error) {
      this.#show(errorBodyOf(error).code);
    } finally {
      this.isBusy.set(false);
    }
  }

  #check(): boolean {
    const label = this.label().trim();
    this.problem.set('');
    this.labelProblem.set(textProblem(normalText(label), displayNameRule) ? this.#labelWords(label) : undefined);
    this.scopeProblem.set(this.chosen().size === 0 ? this.t('tokens.problems.scopes') : '');
    if (this.labelProblem() !== undefined) this.focus();
    return this.labelProblem() === undefined && this.scopeProblem() === '';
  }

  #labelWords(label: string): string {
    if (label === '') return this.t('tokens.problems.empty');
    const count = limits.displayNameGraphemes;
    return countGraphemes(label) > count ? this.t('tokens.problems.long', { count }) : this.t('tokens.problems.text');
  }

  #show(code: string): void {
    if (code === 'too_long' || code === 'invalid_text') {
      this.labelProblem.set(this.#labelWords(this.label().trim()));
      this.focus();
    } else this.problem.set(this.t(code === 'limit_reached' ? 'tokens.full' : `errors.${code}`));
  }
}

/** Returns the lifetime in milliseconds; undefined without an end. */
function lifetimeMs(life: TokenLifetime): number | undefined {
  return { month: 30 * dayMs, year: 365 * dayMs, always: undefined }[life];
}
