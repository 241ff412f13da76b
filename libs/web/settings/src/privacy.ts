import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import type { PersonalSettings } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { optimisticPatch } from '@cloudhop/web/state/optimistic-patch';
import { injectTranslate } from '@cloudhop/web/ui';
import { Choices, Switch, type Choice } from '@cloudhop/web/ui/form';

type WhoMayMessage = PersonalSettings['whoMayMessage'];

const answers: readonly WhoMayMessage[] = ['friends', 'rooms', 'anyone'];

/** Toggles, with the prefix of their dictionary keys. */
const toggles = [
  { field: 'acceptsRequests', words: 'settings.privacy.requests' },
  { field: 'appearsOffline', words: 'settings.privacy.offline' },
  { field: 'showsLastSeen', words: 'settings.privacy.lastSeen' },
  { field: 'sendsReceipts', words: 'settings.privacy.receipts' },
] as const;

/** Privacy settings: who may message, send requests, see presence and read receipts. */
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
    @for (toggle of toggles; track toggle.field) {
      <ch-switch
        [isOn]="settings()[toggle.field]"
        [label]="t(toggle.words)"
        [hint]="t(toggle.words + 'Hint')"
        (toggled)="turn(toggle.field, $event)"
      />
    }
    <ch-switch
      [isOn]="store.isHidden()"
      [label]="t('settings.privacy.hide')"
      [hint]="t('settings.privacy.hideHint')"
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
  protected readonly toggles = toggles;
  protected readonly problem = signal('');
  readonly #patch = optimisticPatch<PersonalSettings>(this.store.settings);
  protected readonly settings = this.#patch.shown;
  protected readonly choices = computed((): readonly Choice<WhoMayMessage>[] =>
    answers.map((value) => ({ value, label: this.t(`settings.privacy.${value}`) })),
  );

  protected turn(field: (typeof toggles)[number]['field'], isOn: boolean): void {
    void this.change({ [field]: isOn });
  }

  protected async change(body: Partial<PersonalSettings>): Promise<void> {
    this.problem.set('');
    try {
      await this.#patch.apply(body, () => this.store.act.call('settings.change', { body }));
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
    }
  }
}
