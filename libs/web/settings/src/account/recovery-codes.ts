import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Field } from '@cloudhop/web/ui/form';
import { FormProblem } from './form-problem';

/** Recovery codes for a log-in without a password, shown once. */
@Component({
  selector: 'ch-recovery-codes',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field, FormProblem],
  template: `
    <h3>{{ t('settings.account.codes') }}</h3>
    <p>{{ t(isGuest() ? 'settings.account.codesGuest' : 'settings.account.codesMember') }}</p>
    @if (codes().length > 0) {
      <p role="status">{{ t('settings.account.codesShown') }}</p>
      <ul>
        @for (code of codes(); track code) {
          <li>{{ code }}</li>
        }
      </ul>
    } @else {
      <form (submit)="$event.preventDefault(); make()">
        @if (!isGuest()) {
          <ch-field
            type="password"
            autocomplete="current-password"
            [label]="t('settings.account.current')"
            [capsLockHint]="t('settings.account.capsLock')"
            [error]="passwordProblem()"
            [(value)]="password"
          />
        }
        <ch-form-problem [error]="problem()" />
        <button chButton look="soft" type="submit" [disabled]="isBusy()">
          {{ t(isGuest() ? 'settings.account.makeCode' : 'settings.account.makeCodes') }}
        </button>
      </form>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 8px;
    }
    h3 {
      font-size: 0.95em;
      font-weight: 800;
    }
    p {
      color: var(--muted);
      font-size: 0.93em;
    }
    form {
      display: grid;
      justify-items: start;
      gap: 12px;
      max-width: 26em;
    }
    ch-field {
      width: 100%;
    }
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(21em, 100%), 1fr));
      gap: 4px 16px;
      padding: 12px 16px;
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
      font-family: ui-monospace, monospace;
      font-size: 0.87em;
      list-style: none;
      user-select: all;
    }
    li {
      overflow-wrap: anywhere;
    }
  `,
})
export class RecoveryCodes {
  readonly #store = inject(ClientStore);
  protected readonly t = injectTranslate();
  protected readonly isGuest = computed(() => this.#store.me()?.kind === 'guest');
  protected readonly codes = signal<readonly string[]>([]);
  protected readonly password = signal('');
  protected readonly passwordProblem = signal<string | undefined>(undefined);
  protected readonly problem = signal<ErrorBody | undefined>(undefined);
  protected readonly isBusy = signal(false);
  private readonly field = viewChild(Field);

  protected async make(): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.passwordProblem.set(undefined);
    this.problem.set(undefined);
    try {
      const body = this.isGuest() ? {} : { password: this.password() };
      this.codes.set((await this.#store.act.call('auth.recoveryCodes', { body })).codes);
      this.password.set('');
    } catch (error) {
      const body = errorBodyOf(error);
      if (body.code === 'wrong_credentials') this.passwordProblem.set(this.t('settings.account.wrongPassword'));
      else this.problem.set(body);
      this.field()?.focus();
    } finally {
      this.isBusy.set(false);
    }
  }
}
