import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  resource,
  signal,
  viewChild,
  viewChildren,
} from '@angular/core';
import { limits, normalPassword, passwordProblem, type ErrorBody } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Field, Switch } from '@cloudhop/web/ui/form';
import { AccountStatus } from './account-status';
import { FormProblem } from './form-problem';

/** Form for a new password, behind a button. */
@Component({
  selector: 'ch-password-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field, FormProblem, Switch],
  template: `
    @if (isOpen()) {
      <form (submit)="$event.preventDefault(); submit()" (keydown.escape)="close()">
        <input
          class="visually-hidden"
          type="text"
          autocomplete="username"
          tabindex="-1"
          [value]="username()"
          readonly
        />
        <ch-field
          type="password"
          autocomplete="current-password"
          [label]="t('settings.account.current')"
          [capsLockHint]="t('settings.account.capsLock')"
          [error]="currentProblem()"
          [(value)]="current"
        />
        <ch-field
          type="password"
          autocomplete="new-password"
          [label]="t('settings.account.next')"
          [hint]="t('settings.account.passwordHint', { count: limits.passwordMinLength })"
          [error]="nextProblem()"
          [(value)]="next"
        />
        @if (mayHaveTokens()) {
          <ch-switch
            [label]="t('settings.account.keepTokens')"
            [hint]="t('settings.account.keepTokensHint')"
            [isOn]="keepsTokens()"
            (toggled)="keepsTokens.set($event)"
          />
        }
        <ch-form-problem [error]="problem()" />
        <div class="buttons">
          <button chButton type="submit" [disabled]="isBusy()">{{ t('settings.account.changePassword') }}</button>
          <button chButton look="soft" type="button" (click)="close()">{{ t('settings.account.cancel') }}</button>
        </div>
      </form>
    } @else {
      <button #opener chButton look="soft" type="button" (click)="open()">
        {{ t('settings.account.changePassword') }}
      </button>
    }
  `,
  styleUrl: './form.css',
})
export class PasswordForm {
  readonly #store = inject(ClientStore);
  protected readonly t = injectTranslate();
  protected readonly limits = limits;
  readonly #status = inject(AccountStatus);
  readonly #injector = inject(Injector);
  protected readonly isOpen = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly current = signal('');
  protected readonly next = signal('');
  protected readonly keepsTokens = signal(false);
  readonly #tokens = resource({
    params: () => (this.isOpen() ? {} : undefined),
    loader: async () => (await this.#store.act.call('tokens.list', {})).items,
  });
  /** True until the list of tokens is known to be empty. */
  protected readonly mayHaveTokens = computed(() => !this.#tokens.hasValue() || this.#tokens.value().length > 0);
  protected readonly currentProblem = signal<string | undefined>(undefined);
  protected readonly nextProblem = signal<string | undefined>(undefined);
  protected readonly problem = signal<ErrorBody | undefined>(undefined);
  private readonly fields = viewChildren(Field);
  private readonly opener = viewChild<unknown, ElementRef<HTMLElement>>('opener', { read: ElementRef });

  protected username(): string {
    return this.#store.me()?.username ?? '';
  }

  protected open(): void {
    this.isOpen.set(true);
    requestAnimationFrame(() => this.fields()[0]?.focus());
  }

  protected close(): void {
    this.isOpen.set(false);
    this.current.set('');
    this.next.set('');
    this.keepsTokens.set(false);
    this.#clear();
    // The form vanishes with the focus.
    afterNextRender(() => this.opener()?.nativeElement.focus(), { injector: this.#injector });
  }

  protected async submit(): Promise<void> {
    if (this.isBusy()) return;
    this.#clear();
    if (passwordProblem(normalPassword(this.next()))) {
      this.nextProblem.set(this.t('settings.account.passwordShort', { count: limits.passwordMinLength }));
      this.fields()[1]?.focus();
      return;
    }
    this.isBusy.set(true);
    try {
      const body = { current: this.current(), next: this.next(), keepsTokens: this.keepsTokens() };
      await this.#store.act.call('auth.password', { body });
      this.close();
      this.#status.text.set(this.t('settings.account.passwordChanged'));
    } catch (error) {
      const body = errorBodyOf(error);
      if (body.code === 'wrong_credentials') this.currentProblem.set(this.t('settings.account.wrongPassword'));
      else if (body.code === 'weak_password') this.nextProblem.set(this.t('errors.weak_password'));
      else this.problem.set(body);
      this.fields()[this.nextProblem() === undefined ? 0 : 1]?.focus();
    } finally {
      this.isBusy.set(false);
    }
  }

  #clear(): void {
    this.currentProblem.set(undefined);
    this.nextProblem.set(undefined);
    this.problem.set(undefined);
  }
}
