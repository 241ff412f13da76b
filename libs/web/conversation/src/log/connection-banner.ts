import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { ClientStore, ticking } from '@cloudhop/web/state';
import { Banner, Button, injectTranslate } from '@cloudhop/web/ui';
import { connectionWords } from './connection-words';

/** Says what the connection is doing, exactly as the client has it, and nothing while all is well. */
@Component({
  selector: 'ch-connection-banner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Banner, Button],
  host: { role: 'status' },
  template: `
    @if (words(); as words) {
      <ch-banner [icon]="words.canTryNow ? 'offline' : undefined">
        @if (words.seconds === undefined) {
          {{ t('connection.' + words.key) }}
        } @else {
          <!-- The seconds are for the eye; a screen reader would hear every one of them. -->
          <span aria-hidden="true">{{ t('connection.' + words.key, { count: words.seconds }) }}</span>
          <span class="visually-hidden">
            {{ t(words.key === 'crowdedIn' ? 'connection.crowded' : 'connection.retryNow') }}
          </span>
        }
        @if (words.canTryNow) {
          <button chButton look="quiet" type="button" (click)="store.act.tryNow()">{{ t('connection.tryNow') }}</button>
        }
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
  `,
})
export class ConnectionBanner {
  protected readonly store = inject(ClientStore);
  protected readonly t = injectTranslate();
  readonly #now = ticking(200);
  readonly #since = signal<number | undefined>(undefined);
  protected readonly words = computed(() => connectionWords(this.store.connection(), this.#since(), this.#now()), {
    equal: (a, b) => a?.key === b?.key && a?.seconds === b?.seconds,
  });

  constructor() {
    effect(() => {
      const isLive = this.store.connection().phase === 'live';
      this.#since.update((since) => (isLive ? undefined : (since ?? Date.now())));
    });
  }
}
