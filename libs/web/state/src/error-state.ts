import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ConnectionView } from '@cloudhop/sdk';
import { Button, EmptyState, injectTranslate } from '@cloudhop/web/ui';
import { ClientStore } from './client-store';
import { ticking } from './clock';
import { errorStateText } from './error-state-text';

/** Shown in place of a screen's content while the server is unreachable, or after the session ended. */
@Component({
  selector: 'ch-error-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, RouterLink],
  template: `
    @let words = this.words();
    <ch-empty-state role="alert" [pose]="words.pose" [title]="t(words.title)" [text]="t(words.text, { address })">
      <div class="ways">
        @if (hasLogIn()) {
          <a chButton routerLink="/login">{{ t('settings.account.logIn') }}</a>
        }
        @if (words.button; as button) {
          <button chButton type="button" [look]="hasLogIn() ? 'soft' : 'brand'" (click)="solve()">
            {{ t(button) }}
          </button>
        } @else {
          <!-- The seconds are for the eye; a screen reader would hear every one of them. -->
          <p aria-hidden="true">
            {{ seconds() > 0 ? t('state.nextTry', { count: seconds() }) : t('connection.connecting') }}
          </p>
        }
        @if (!words.isOver) {
          <a chButton look="quiet" routerLink="/status">{{ t('status.open') }}</a>
        }
      </div>
    </ch-empty-state>
  `,
  styles: `
    .ways {
      display: flex;
      flex-wrap: wrap;
      gap: 10px;
      justify-content: center;
    }
    p {
      order: -1;
      flex-basis: 100%;
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class ErrorState {
  /** Code of the fatal error; without it the server is unreachable or refuses connections for now. */
  readonly code = input<string>();
  readonly #store = inject(ClientStore);
  readonly #now = ticking(200);
  protected readonly t = injectTranslate();
  protected readonly words = computed(() => errorStateText(this.code(), this.#store.connection()));
  protected readonly hasLogIn = computed(() => {
    const { hasLogIn, isOver } = this.words();
    return hasLogIn === true && (isOver || !this.#store.me());
  });
  protected readonly seconds = computed(() =>
    Math.ceil(((this.#store.connection().retryAt ?? 0) - this.#now()) / 1_000),
  );

  /** Origin of the page, as the operator would have to configure it. */
  protected readonly address = location.origin;

  protected solve(): void {
    if (this.words().isOver) location.reload();
    else this.#store.act.tryNow();
  }
}

/**
 * Returns why a screen can't show its content: a fatal error, or a server that was never reached. Undefined if it can.
 */
export function errorStateOf(
  { fatal, phase, attempts }: ConnectionView,
  hasSomething: boolean,
): { code?: string } | undefined {
  if (fatal) return { code: fatal.code };
  return phase !== 'live' && attempts > 0 && !hasSomething ? {} : undefined;
}
