import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { ClientStore, Clock, Language } from '@cloudhop/web/state';
import { presenceWords } from '@cloudhop/web/state/last-seen';
import { injectTranslate } from '@cloudhop/web/ui';

/** Presence of a friend in words: online, idle or last seen. Empty if unknown. */
@Component({
  selector: 'ch-presence-text',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `{{ words() }}`,
  styles: `
    :host {
      color: var(--muted);
    }
    :host:empty {
      display: none;
    }
  `,
})
export class PresenceText {
  readonly userId = input.required<string>();
  readonly #t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  readonly #clock = inject(Clock);
  protected readonly words = computed(() => {
    const presence = this.#store.statuses().get(this.userId());
    if (!presence) return '';
    const { key, params } = presenceWords(presence, { now: this.#clock.minute(), dates: this.#language.dates() });
    return this.#t(key, params);
  });
}
