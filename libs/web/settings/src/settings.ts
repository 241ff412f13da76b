import { ChangeDetectionStrategy, Component, computed, effect, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { ShortcutsOverlay } from '@cloudhop/web/shortcuts';
import {
  ClientStore,
  ErrorState,
  Language,
  PageTitle,
  Theme,
  errorStateOf,
  languages,
  themeChoices,
  type LanguageCode,
  type ThemeChoice,
} from '@cloudhop/web/state';
import { Button, Icon, Mascot, injectTranslate, type IconName } from '@cloudhop/web/ui';
import { Choices, type Choice } from '@cloudhop/web/ui/form';

import { Account } from './account/account';
import { NotificationSettings } from './notification-settings';
import { Privacy } from './privacy';
import { Profile } from './profile/profile';
import { ApiTokens } from './tokens/api-tokens';

const themeIcons: Record<ThemeChoice, IconName> = { system: 'screen', blossom: 'flower', midnight: 'moon' };

/** Screen of settings: account, privacy, notifications, appearance, language. */
@Component({
  selector: 'ch-settings',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    Account,
    ApiTokens,
    Button,
    Choices,
    ErrorState,
    Icon,
    Mascot,
    NotificationSettings,
    Privacy,
    Profile,
    RouterLink,
  ],
  template: `
    <main>
      <h1>{{ t('settings.title') }}</h1>
      @if (errorState(); as errorState) {
        <section><ch-error-state [code]="errorState.code" /></section>
      } @else {
        <section id="profile"><ch-profile /></section>
      }
      <ch-account />
      <section>
        <h2>{{ t('settings.look') }}</h2>
        <p>{{ t('settings.lookHint') }}</p>
        <ch-choices
          [legend]="t('settings.look')"
          [choices]="themes()"
          [value]="theme.choice()"
          (chosen)="theme.choose($event)"
        />
      </section>
      <section>
        <h2>{{ t('settings.language') }}</h2>
        <ch-choices
          [legend]="t('settings.language')"
          [choices]="languages"
          [value]="language.current()"
          (chosen)="language.choose($event)"
        />
      </section>
      @if (!errorState()) {
        <section id="privacy"><ch-privacy /></section>
      }
      <section id="notices"><ch-notification-settings /></section>
      <section>
        <h2>{{ t('keys.section') }}</h2>
        <p>{{ t('keys.hint') }}</p>
        <button chButton look="soft" type="button" aria-haspopup="dialog" (click)="keys.show()">
          <ch-icon name="keyboard" />
          {{ t('keys.open') }}
        </button>
      </section>
      @if (!errorState()) {
        <section id="tokens"><ch-api-tokens /></section>
      }
      <section>
        <h2>{{ t('status.title') }}</h2>
        <p>{{ t('status.hint') }}</p>
        <a chButton look="soft" routerLink="/status">
          <ch-icon name="cloud" />
          {{ t('status.open') }}
        </a>
      </section>
      <section class="about">
        <ch-mascot pose="found" />
        <div>
          <h2>{{ t('settings.about') }}</h2>
          <p>{{ t('settings.aboutText') }}</p>
        </div>
      </section>
    </main>
  `,
  styleUrl: './settings.css',
})
export class Settings {
  protected readonly theme = inject(Theme);
  protected readonly language = inject(Language);
  protected readonly keys = inject(ShortcutsOverlay);
  readonly #store = inject(ClientStore);
  /** Before the first session, and after a log-out, there are no settings to show. */
  protected readonly errorState = computed(() =>
    errorStateOf(this.#store.connection(), this.#store.me() !== undefined),
  );
  protected readonly t = injectTranslate();
  /** Section that the address points to. */
  readonly #part = toSignal(inject(ActivatedRoute).fragment);
  readonly #title = inject(PageTitle);
  protected readonly languages: readonly Choice<LanguageCode>[] = languages.map(({ code, name }) => ({
    value: code,
    label: name,
    lang: code,
  }));
  protected readonly themes = computed((): readonly Choice<ThemeChoice>[] =>
    themeChoices.map((value) => ({ value, label: this.t(`settings.theme.${value}`), icon: themeIcons[value] })),
  );

  constructor() {
    effect(() => {
      const part = this.#part();
      if (part) requestAnimationFrame(() => document.getElementById(part)?.scrollIntoView({ block: 'start' }));
    });
    effect(() => this.#title.showPlace(this.t('settings.title')));
  }
}
