import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import type { PersonalSettings } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Choices, Switch, injectTranslate, type Choice } from '@cloudhop/web/ui';

type WhoMayMessage = PersonalSettings['whoMayMessage'];

const answers: readonly WhoMayMessage[] = ['friends', 'rooms', 'anyone'];

/** Who may come near: by message, by request, by seeing that one is here. */
@Component({
  selector: 'ch-privacy',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Choices, Switch],
  template: `
    <h2>{{ t('settings.privacy.title') }}</h2>
    <h3>{{ t('settings.privacy.who') }}</h3>
    <ch-choices
      [legend]="t('settings.privacy.who')"
      [choices]="choices()"
      [value]="settings().whoMayMessage"
      (chosen)="change({ whoMayMessage: $event })"
    />
    <ch-switch
      [isOn]="settings().acceptsRequests"
      [label]="t('settings.privacy.requests')"
      [hint]="t('settings.privacy.requestsHint')"
      (toggled)="change({ acceptsRequests: $event })"
    />
    <ch-switch
      [isOn]="store.isHidden()"
      [label]="t('people.hide')"
      [hint]="t('people.hideHint')"
      (toggled)="store.act.setHidden($event)"
    />
    <p role="alert">{{ problem() }}</p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    h2 {
      font-size: 1.05em;
      font-weight: 800;
    }
    h3 {
      font-size: 0.95em;
      font-weight: 700;
    }
    ch-switch {
      margin: 0 -12px;
    }
    p {
      color: var(--danger);
      font-weight: 700;
    }
    p:empty {
      display: none;
    }
  `,
})
export class Privacy {
  protected readonly store = inject(ClientStore);
  protected readonly t = injectTranslate();
  protected readonly problem = signal('');
  /** Shown at once, until the server has it or refuses it. */
  readonly #wanted = signal<Partial<PersonalSettings>>({});
  protected readonly settings = computed(() => ({ ...this.store.settings(), ...this.#wanted() }));
  protected readonly choices = computed((): readonly Choice<WhoMayMessage>[] =>
    answers.map((value) => ({ value, label: this.t(`settings.privacy.${value}`) })),
  );

  protected async change(body: Partial<PersonalSettings>): Promise<void> {
    this.#wanted.update((wanted) => ({ ...wanted, ...body }));
    this.problem.set('');
    try {
      await this.store.act.call('settings.change', { body });
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
      this.#wanted.set({});
    }
  }
}
