import { ChangeDetectionStrategy, Component, DestroyRef, inject, output, signal } from '@angular/core';
import { Router } from '@angular/router';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { RecoveryCodes } from './recovery-codes';

/** Confirmation before a guest logs out: without a code the guest is lost. */
@Component({
  selector: 'ch-log-out-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, RecoveryCodes, Sheet],
  template: `
    <ch-sheet [label]="t('settings.account.leaveTitle')" [closeLabel]="t('people.cancel')" (closed)="closed.emit()">
      <div class="inside">
        <p>{{ t('settings.account.leaveText') }}</p>
        <ch-recovery-codes />
        <p class="problem" role="alert">{{ problem() }}</p>
        <div class="buttons">
          <button chButton look="soft" type="button" (click)="closed.emit()">{{ t('settings.account.stay') }}</button>
          <button chButton type="button" [disabled]="isBusy()" (click)="leave()">
            {{ t('settings.account.logOut') }}
          </button>
        </div>
      </div>
    </ch-sheet>
  `,
  styleUrl: './sheet.css',
})
export class LogOutSheet {
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  readonly #lifetime = inject(DestroyRef);
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);

  protected async leave(): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.#store.act.logOut();
      if (!this.#lifetime.destroyed) this.closed.emit();
      // The lobby shows the state, and the way back in.
      await this.#router.navigateByUrl('/lobby');
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
    } finally {
      this.isBusy.set(false);
    }
  }
}
