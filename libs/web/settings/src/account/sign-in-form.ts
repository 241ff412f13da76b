import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChildren,
} from '@angular/core';
import {
  countGraphemes,
  limits,
  normalPassword,
  normalUsername,
  passwordProblem,
  usernameProblem,
  type ErrorBody,
} from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Field, Switch } from '@cloudhop/web/ui/form';
import { AccountStatus } from './account-status';
import { FormProblem } from './form-problem';
import { RecoveryCodes } from './recovery-codes';

type Way = 'register' | 'logIn' | 'recover';

/** Form to register, to log in, or to recover an account. */
@Component({
  selector: 'ch-sign-in-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field, FormProblem, RecoveryCodes, Switch],
  template: `
    @if (isGuest() && way() !== 'register') {
      <div class="keep">
        <h2>{{ t('settings.account.leaveGuest') }}</h2>
        <ch-recovery-codes />
      </div>
    }
    <form (submit)="$event.preventDefault(); submit()">
      <ch-field
        [autocomplete]="way() === 'recover' ? 'one-time-code' : 'username'"
        [label]="t(way() === 'recover' ? 'settings.account.code' : 'settings.account.username')"
        [hint]="way() === 'register' ? t('settings.account.usernameHint') : undefined"
        [error]="nameProblem()"
        [(value)]="username"
      />
      <ch-field
        type="password"
        [autocomplete]="way() === 'logIn' ? 'current-password' : 'new-password'"
        [label]="t(way() === 'recover' ? 'settings.account.newPassword' : 'settings.account.password')"
        [hint]="passwordHint()"
        [capsLockHint]="t('settings.account.capsLock')"
        [error]="passwordProblem()"
        [(value)]="password"
      />
      @if (isGuest() && way() === 'register') {
        <p>{{ t('settings.account.registerEnds') }}</p>
      }
      @if (way() === 'recover') {
        <ch-switch
          [label]="t('settings.account.keepTokens')"
          [hint]="t('settings.account.keepTokensHint')"
          [isOn]="keepsTokens()"
          (toggled)="keepsTokens.set($event)"
        />
      }
      <ch-form-problem [error]="problem()" />
      <div class="buttons">
        <button chButton type="submit" [disabled]="isBusy()">{{ t(words[way()]) }}</button>
        @for (other of others(); track other) {
          <button chButton look="quiet" type="button" (click)="go(other)">{{ t(invitation(other)) }}</button>
        }
      </div>
    </form>
  `,
  styleUrl: './form.css',
})
export class SignInForm {
  readonly #store = inject(ClientStore);
  readonly #lifetime = inject(DestroyRef);
  protected readonly t = injectTranslate();
  protected readonly limits = limits;
  readonly #status = inject(AccountStatus);
  /** Offered ways, the first one first. */
  readonly ways = input<readonly Way[]>(['register', 'logIn', 'recover']);
  readonly signedIn = output();
  readonly way = linkedSignal(() => this.ways()[0]!);
  protected readonly isGuest = computed(() => this.#store.me()?.kind === 'guest');
  protected readonly words: Record<Way, string> = {
    register: 'settings.account.register',
    logIn: 'settings.account.logIn',
    recover: 'settings.account.logIn',
  };
  readonly #invitations: Record<Way, string> = {
    register: 'settings.account.haveNone',
    logIn: 'settings.account.haveOne',
    recover: 'settings.account.recover',
  };
  /** Recovery codes are for people with an account or another guest, so they are offered beside logging in. */
  protected readonly others = computed((): readonly Way[] => {
    const others = { register: ['logIn'], logIn: ['register', 'recover'], recover: ['logIn'] } as const;
    return others[this.way()].filter((way) => this.ways().includes(way));
  });
  protected readonly passwordHint = computed(() => {
    if (this.way() === 'register') return this.t('settings.account.passwordHint', { count: limits.passwordMinLength });
    return this.way() === 'recover' ? this.t('settings.account.newPasswordHint') : undefined;
  });
  protected readonly isBusy = signal(false);
  protected readonly username = signal('');
  protected readonly password = signal('');
  protected readonly keepsTokens = signal(false);
  protected readonly nameProblem = signal<string | undefined>(undefined);
  protected readonly passwordProblem = signal<string | undefined>(undefined);
  protected readonly problem = signal<ErrorBody | undefined>(undefined);
  private readonly fields = viewChildren(Field);

  protected invitation(to: Way): string {
    return this.way() === 'recover' ? 'settings.account.usePassword' : this.#invitations[to];
  }

  protected go(way: Way): void {
    this.way.set(way);
    this.#clear();
    this.fields()[0]?.focus();
  }

  protected async submit(): Promise<void> {
    if (this.isBusy()) return;
    this.#clear();
    if (this.way() === 'register') this.#checkNew();
    else this.#checkFilled();
    if (this.nameProblem() !== undefined || this.passwordProblem() !== undefined) return this.#focusProblem();
    this.isBusy.set(true);
    try {
      await this.#signIn();
      const name = this.#store.me()?.displayName ?? '';
      const isNew = this.way() === 'register';
      this.#status.text.set(this.t(isNew ? 'settings.account.registered' : 'settings.account.loggedIn', { name }));
      // Registering removes this form for a former guest.
      if (!this.#lifetime.destroyed) this.signedIn.emit();
    } catch (error) {
      this.#show(errorBodyOf(error));
      this.#focusProblem();
    } finally {
      this.isBusy.set(false);
    }
  }

  #signIn(): Promise<void> {
    const [username, password] = [this.username().trim(), this.password()];
    switch (this.way()) {
      case 'register':
        return this.#store.act.register({ username, password });
      case 'logIn':
        return this.#store.act.logIn({ username, password });
      case 'recover':
        return this.#store.act.recover({
          code: username,
          ...(password !== '' && { password, keepsTokens: this.keepsTokens() }),
        });
    }
  }

  #clear(): void {
    this.nameProblem.set(undefined);
    this.passwordProblem.set(undefined);
    this.problem.set(undefined);
  }

  /** Validates a registration without the server. */
  #checkNew(): void {
    const name = this.username().trim();
    if (countGraphemes(name) < limits.usernameMinLength)
      this.nameProblem.set(this.t('settings.account.usernameShort', { count: limits.usernameMinLength }));
    else if (usernameProblem(normalUsername(name))) this.nameProblem.set(this.#nameWords(name));
    if (passwordProblem(normalPassword(this.password())))
      this.passwordProblem.set(this.t('settings.account.passwordShort', { count: limits.passwordMinLength }));
  }

  /** Refuses empty fields: the server would count them as an attempt. */
  #checkFilled(): void {
    const isRecovery = this.way() === 'recover';
    if (this.username().trim() === '')
      this.nameProblem.set(this.t(isRecovery ? 'settings.account.codeMissing' : 'settings.account.usernameMissing'));
    if (this.password() === '' && !isRecovery) this.passwordProblem.set(this.t('settings.account.passwordMissing'));
  }

  #nameWords(name: string): string {
    return countGraphemes(name) > limits.usernameGraphemes
      ? this.t('settings.account.usernameLong', { count: limits.usernameGraphemes })
      : this.t('settings.account.usernameText');
  }

  #show(error: ErrorBody): void {
    const { code } = error;
    const words = this.t(`errors.${code}`);
    if (this.way() === 'recover' && code === 'wrong_credentials')
      return this.nameProblem.set(this.t('settings.account.codeWrong'));
    if (this.way() === 'recover' && code === 'invalid')
      return this.passwordProblem.set(this.t('settings.account.passwordShort', { count: limits.passwordMinLength }));
    if (code === 'username_taken') this.nameProblem.set(words);
    else if (code === 'invalid_text' || code === 'too_long') this.nameProblem.set(this.#nameWords(this.username()));
    else if (code === 'weak_password') this.passwordProblem.set(words);
    else this.problem.set(error);
  }

  #focusProblem(): void {
    const isName = this.nameProblem() !== undefined;
    // For a wrong pair of name and password, the password is more often mistyped.
    const isPassword = this.passwordProblem() !== undefined || this.way() === 'logIn';
    this.fields()[!isName && isPassword ? 1 : 0]?.focus();
  }
}
