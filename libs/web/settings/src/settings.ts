import { ChangeDetectionStrategy, Component, computed, effect, inject } from '@angular/core';
import {
  ClientStore,
  Language,
  PageTitle,
  Theme,
  languages,
  themeChoices,
  type LanguageCode,
  type ThemeChoice,
} from '@cloudhop/web/state';
import { Account } from './account/account';
import { Choices, Mascot, Switch, injectTranslate, type Choice, type IconName } from '@cloudhop/web/ui';

const themeIcons: Record<ThemeChoice, IconName> = { system: 'screen', blossom: 'flower', midnight: 'moon' };

/** What one can set: look, language, being seen. */
@Component({
  selector: 'ch-settings',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Account, Choices, Mascot, Switch],
  template: `
    <main>
      <h1>{{ t('settings.title') }}</h1>
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
      <section>
        <h2>{{ t('settings.privacy') }}</h2>
        <ch-switch
          [isOn]="store.isHidden()"
          [label]="t('people.hide')"
          [hint]="t('people.hideHint')"
          (toggled)="store.act.setHidden($event)"
        />
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
  protected readonly store = inject(ClientStore);
  protected readonly t = injectTranslate();
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
    effect(() => this.#title.showPlace(this.t('settings.title')));
  }
}
