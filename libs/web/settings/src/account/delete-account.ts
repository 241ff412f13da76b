import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import type { ErrorBody } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Field } from '@cloudhop/web/ui/form';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { FormProblem } from './form-problem';

/** Deletion of the account: states the consequences, and asks once. */
@Component({
  selector: 'ch-delete-account',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field, FormProblem, Sheet],
  template: `
    <button chButton look="quiet" class="danger" type="button" (click)="open()">
      {{ t(isGuest() ? 'settings.account.deleteGuest' : 'settings.account.delete') }}
    </button>
    @if (isOpen()) {
      <ch-sheet
        [label]="t(isGuest() ? 'settings.account.deleteGuest' : 'settings.account.delete')"
        [closeLabel]="t('people.cancel')"
        (closed)="isOpen.set(false)"
      >
        <form class="inside" (submit)="$event.preventDefault(); submit()">
          <p>{{ t('settings.account.deleteText') }}</p>
          <ul>
            <li>{{ t('settings.account.deleteGone') }}</li>
            <li>{{ t('settings.account.deleteStays') }}</li>
          </ul>
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
          <div class="buttons">
            <button chButton look="soft" type="button" (click)="isOpen.set(false)">
              {{ t('settings.account.stay') }}
            </button>
            <button chButton class="delete" type="submit" [disabled]="isBusy()">
              {{ t('settings.account.deleteNow') }}
            </button>
          </div>
        </form>
      </ch-sheet>
    }
  `,
  styleUrl: './sheet.css',
  styles: `
    .danger {
      color: var(--danger);
    }
    .delete:not(:disabled) {
      background: var(--danger);
      color: var(--surface);
    }
  `,
})
export class DeleteAccount {
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  protected readonly t = injectTranslate();
  protected readonly isGuest = computed(() => this.#store.me()?.kind === 'guest');
  protected readonly isOpen = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly password = signal('');
  protected readonly passwordProblem = signal<string | undefined>(undefined);
  protected readonly problem = signal<ErrorBody | undefined>(undefined);
  private readonly field = viewChild(Field);

  protected open(): void {
    this.password.set('');
    this.passwordProblem.set(undefined);
    this.problem.set(undefined);
    this.isOpen.set(true);
  }

  protected async submit(): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.passwordProblem.set(undefined);
    this.problem.set(undefined);
    try {
      await this.#store.act.deleteAccount(this.isGuest() ? undefined : this.password());
      this.isOpen.set(false);
      await this.#router.navigateByUrl('/lobby');
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
