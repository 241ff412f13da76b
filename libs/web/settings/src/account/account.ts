import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { People } from '@cloudhop/web/people';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Avatar, Button, injectTranslate } from '@cloudhop/web/ui';
import { AccountStatus } from './account-status';
import { DeleteAccount } from './delete-account';
import { Devices } from './devices';
import { LogOutSheet } from './log-out-sheet';
import { PasswordForm } from './password-form';
import { RecoveryCodes } from './recovery-codes';
import { SignInForm } from './sign-in-form';

/** Account on every device: registration and log-in for guests, devices for members. */
@Component({
  selector: 'ch-account',
  changeDetection: ChangeDetectionStrategy.OnPush,
  providers: [AccountStatus],
  imports: [Avatar, Button, DeleteAccount, Devices, LogOutSheet, PasswordForm, RecoveryCodes, SignInForm],
  template: `
    @if (me(); as me) {
      <section id="account">
        <h2>{{ t('settings.account.title') }}</h2>
        <p class="said" role="status">{{ status.text() }}</p>
        @if (me.kind === 'guest') {
          <p>{{ t('settings.account.guest') }}</p>
          <ch-sign-in-form #form />
          @if (form.way() === 'register') {
            <ch-recovery-codes />
          }
          <div class="ways">
            <button chButton look="soft" type="button" (click)="isLeaveOpen.set(true)">
              {{ t('settings.account.logOut') }}
            </button>
            <ch-delete-account />
          </div>
        } @else {
          <div class="who">
            <ch-avatar [seed]="me.id" [name]="me.name" [color]="me.color" />
            <p>
              {{ t('settings.account.member') }} <bdi>{{ me.username }}</bdi>
            </p>
            <button chButton look="soft" type="button" [disabled]="isLeaving()" (click)="logOut()">
              {{ t('settings.account.logOut') }}
            </button>
          </div>
          <ch-password-form />
          <ch-recovery-codes />
          <ch-devices />
          <ch-delete-account />
        }
      </section>
      @if (isLeaveOpen()) {
        <ch-log-out-sheet (closed)="isLeaveOpen.set(false)" />
      }
    }
  `,
  styleUrl: './account.css',
})
export class Account {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #router = inject(Router);
  protected readonly t = injectTranslate();
  protected readonly status = inject(AccountStatus);
  protected readonly isLeaving = signal(false);
  protected readonly isLeaveOpen = signal(false);
  protected readonly me = computed(() => {
    const user = this.#store.me();
    return user && { ...this.#people.named(user), kind: user.kind, username: user.username };
  });

  protected async logOut(): Promise<void> {
    this.isLeaving.set(true);
    try {
      await this.#store.act.logOut();
      // The lobby shows the state, and the way back in.
      await this.#router.navigateByUrl('/lobby');
    } catch (error) {
      this.status.text.set(this.t(`errors.${errorBodyOf(error).code}`));
    } finally {
      this.isLeaving.set(false);
    }
  }
}
