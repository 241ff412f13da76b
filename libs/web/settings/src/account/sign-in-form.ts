import { ChangeDetectionStrategy, Component, inject, signal, viewChildren } from '@angular/core';
import { Password, Username, countGraphemes, limits, type ErrorBody } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, Field, injectTranslate } from '@cloudhop/web/ui';
import { AccountNews } from './account-news';

/** One form for both: a new account, or the one that somebody has. */
@Component({
  selector: 'ch-sign-in-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field],
  template: `
    <form (submit)="$event.preventDefault(); submit()">
      <ch-field
        autocomplete="username"
        [label]="t('settings.account.username')"
        [hint]="isNew() ? t('settings.account.usernameHint') : undefined"
        [error]="nameProblem()"
        [(value)]="username"
      />
      <ch-field
        type="password"
        [autocomplete]="isNew() ? 'new-password' : 'current-password'"
        [label]="t('settings.account.password')"
        [hint]="isNew() ? t('settings.account.passwordHint', { count: limits.passwordLeast }) : undefined"
        [capsLockHint]="t('settings.account.capsLock')"
        [error]="passwordProblem()"
        [(value)]="password"
      />
      @if (!isNew()) {
        <p>{{ t('settings.account.leaveGuest') }}</p>
      }
      <p class="problem" role="alert">{{ problem() }}</p>
      <div class="buttons">
        <button chButton type="submit" [disabled]="isBusy()">
          {{ t(isNew() ? 'settings.account.register' : 'settings.account.logIn') }}
        </button>
        <button chButton look="quiet" type="button" (click)="switchOver()">
          {{ t(isNew() ? 'settings.account.haveOne' : 'settings.account.haveNone') }}
        </button>
      </div>
    </form>
  `,
  styleUrl: './form.css',
})
export class SignInForm {
  readonly #store = inject(ClientStore);
  protected readonly t = injectTranslate();
  protected readonly limits = limits;
  readonly #news = inject(AccountNews);
  protected readonly isNew = signal(true);
  protected readonly isBusy = signal(false);
  protected readonly username = signal('');
  protected readonly password = signal('');
  protected readonly nameProblem = signal<string | undefined>(undefined);
  protected readonly passwordProblem = signal<string | undefined>(undefined);
  protected readonly problem = signal('');
  private readonly fields = viewChildren(Field);

  protected switchOver(): void {
    this.isNew.update((isNew) => !isNew);
    this.#clear();
    this.fields()[0]?.focus();
  }

  protected async submit(): Promise<void> {
    if (this.isBusy()) return;
    this.#clear();
    if (this.isNew()) this.#checkNew();
    if (this.nameProblem() !== undefined || this.passwordProblem() !== undefined) return this.#focusProblem();
    this.isBusy.set(true);
    const account = { username: this.username().trim(), password: this.password() };
    try {
      await (this.isNew() ? this.#store.act.register(account) : this.#store.act.logIn(account));
      this.#news.text.set(
        this.t(this.isNew() ? 'settings.account.registered' : 'settings.account.loggedIn', { name: account.username }),
      );
    } catch (error) {
      this.#show(errorBodyOf(error));
      this.#focusProblem();
    } finally {
      this.isBusy.set(false);
    }
  }

  #clear(): void {
    this.nameProblem.set(undefined);
    this.passwordProblem.set(undefined);
    this.problem.set('');
  }

  /** What can be said without asking the server. */
  #checkNew(): void {
    const name = this.username().trim();
    if (countGraphemes(name) < limits.usernameLeast)
      this.nameProblem.set(this.t('settings.account.usernameShort', { count: limits.usernameLeast }));
    else if (!Username.safeParse(name).success) this.nameProblem.set(this.#nameWords(name));
    if (!Password.safeParse(this.password()).success)
      this.passwordProblem.set(this.t('settings.account.passwordShort', { count: limits.passwordLeast }));
  }

  #nameWords(name: string): string {
    return countGraphemes(name) > limits.usernameGraphemes
      ? this.t('settings.account.usernameLong', { count: limits.usernameGraphemes })
      : this.t('settings.account.usernameText');
  }

  #show({ code }: ErrorBody): void {
    const words = this.t(`errors.${code}`);
    if (code === 'username_taken') this.nameProblem.set(words);
    else if (code === 'invalid_text' || code === 'too_long') this.nameProblem.set(this.#nameWords(this.username()));
    else if (code === 'weak_password') this.passwordProblem.set(words);
    else this.problem.set(words);
  }

  #focusProblem(): void {
    this.fields()[this.nameProblem() !== undefined || this.passwordProblem() === undefined ? 0 : 1]?.focus();
  }
}
