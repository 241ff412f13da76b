import { ChangeDetectionStrategy, Component, effect, inject } from '@angular/core';
import { Router } from '@angular/router';
import { ClientStore, PageTitle } from '@cloudhop/web/state';
import { Button, Mascot, injectTranslate } from '@cloudhop/web/ui';
import { AccountStatus } from './account-status';
import { SignInForm } from './sign-in-form';

/** Log-in screen for people with an account, also after a log-out. */
@Component({
  selector: 'ch-log-in-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  providers: [AccountStatus],
  imports: [Button, Mascot, SignInForm],
  template: `
    <main>
      <div class="card">
        <ch-mascot pose="welcome" />
        <h1>{{ t('settings.account.logIn') }}</h1>
        <ch-sign-in-form [ways]="['logIn', 'recover']" (signedIn)="goIn()" />
        @if (!store.me()) {
          <button chButton look="soft" type="button" class="guest" (click)="goOnAsGuest()">
            {{ t('state.asGuest') }}
          </button>
        }
      </div>
    </main>
  `,
  styles: `
    :host {
      display: flex;
      flex: 1;
      min-width: 0;
    }
    main {
      flex: 1;
      overflow: auto;
      background: linear-gradient(var(--bg), var(--bg2));
    }
    .card {
      --mascot: 96px;
      display: grid;
      gap: 14px;
      width: min(26em, calc(100% - 32px));
      margin: max(24px, 8vh) auto 24px;
      padding: 20px 24px 24px;
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
      background: var(--surface);
      box-shadow: var(--shadow);
    }
    ch-mascot {
      justify-self: center;
    }
    h1 {
      font-size: 1.35em;
      font-weight: 900;
      text-align: center;
    }
    .guest {
      justify-self: start;
    }
  `,
})
export class LogInPage {
  protected readonly store = inject(ClientStore);
  protected readonly t = injectTranslate();
  readonly #router = inject(Router);
  readonly #title = inject(PageTitle);

  constructor() {
    effect(() => this.#title.showPlace(this.t('settings.account.logIn')));
  }

  protected goIn(): void {
    void this.#router.navigateByUrl('/lobby');
  }

  /** A new guest starts with a new page. */
  protected async goOnAsGuest(): Promise<void> {
    await this.#router.navigateByUrl('/lobby');
    location.reload();
  }
}
