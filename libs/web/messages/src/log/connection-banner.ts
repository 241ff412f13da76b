import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { ClientStore, keepsPreferences, ticking } from '@cloudhop/web/state';
import { Banner, Button, injectTranslate } from '@cloudhop/web/ui';
import { connectionText } from './connection-text';

/** Shared by all conversations: the warning is dismissed once per page. */
const storageLossKnown = signal(false);

/** Shows the state of the connection, or a warning that this browser stores nothing. Empty while all is well. */
@Component({
  selector: 'ch-connection-banner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Banner, Button],
  host: { role: 'status' },
  template: `
    @if (words(); as words) {
      <ch-banner [icon]="words.canTryNow ? 'offline' : undefined">
        @if (words.reason) {
          {{ t('unreachable.' + words.reason + '.title') }}
        }
        @if (words.seconds === undefined) {
          {{ t('connection.' + words.key) }}
        } @else {
          <!-- The seconds are for the eye; a screen reader would hear every one of them. -->
          <span aria-hidden="true">{{ t('connection.' + words.key, { count: words.seconds }) }}</span>
          <span class="visually-hidden">{{ t('connection.retryNow') }}</span>
        }
        @if (words.canTryNow) {
          <button chButton look="quiet" type="button" (click)="store.act.tryNow()">{{ t('connection.tryNow') }}</button>
        }
      </ch-banner>
    } @else if (lost(); as lost) {
      <ch-banner icon="warning">
        {{ t('connection.' + lost) }}
        <button chButton look="quiet" type="button" (click)="isLossKnown.set(true)">
          {{ t('connection.understood') }}
        </button>
      </ch-banner>
    }
  `,
  styles: `
    :host {
      position: absolute;
      z-index: 2;
      inset: 10px 10px auto;
      display: flex;
      justify-content: center;
      pointer-events: none;
    }
    ch-banner {
      pointer-events: auto;
    }
    button {
      flex: none;
      white-space: nowrap;
    }
  `,
})
export class ConnectionBanner {
  protected readonly store = inject(ClientStore);
  protected readonly t = injectTranslate();
  readonly #now = ticking(200);
  readonly #since = signal<number | undefined>(undefined);
  protected readonly words = computed(() => connectionText(this.store.connection(), this.#since(), this.#now()), {
    equal: (a, b) => a?.key === b?.key && a?.seconds === b?.seconds && a?.reason === b?.reason,
  });

  /** True after the warning was dismissed. */
  protected readonly isLossKnown = storageLossKnown;
  protected readonly lost = computed(() => {
    if (this.isLossKnown()) return undefined;
    return this.store.isEphemeral() ? 'nothingKept' : keepsPreferences() ? undefined : 'settingsNotKept';
  });

  constructor() {
    effect(() => {
      const isLive = this.store.connection().phase === 'live';
      this.#since.update((since) => (isLive ? undefined : (since ?? Date.now())));
    });
  }
}
