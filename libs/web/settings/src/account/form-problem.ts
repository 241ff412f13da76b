import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import { formatCountdown, ticking } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';

/** Error of a refused form. After too many attempts it counts down to the next one. */
@Component({
  selector: 'ch-form-problem',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'alert', '[class.is-empty]': '!error()' },
  template: `
    @if (error(); as error) {
      @if (retryAt() === undefined) {
        {{ t('errors.' + error.code) }}
      } @else if (left() === '') {
        {{ t('settings.account.mayRetry') }}
      } @else {
        <!-- Only for the eye: a screen reader would announce every second. -->
        <span aria-hidden="true">{{ t('settings.account.tooManyTries', { time: left() }) }}</span>
        <span class="visually-hidden">{{ t('settings.account.tooManyTries', { time: wait() }) }}</span>
      }
    }
  `,
  styles: `
    :host {
      padding-inline: 16px;
      color: var(--danger);
      font-size: 0.87em;
      font-weight: 700;
      font-variant-numeric: tabular-nums;
    }
    :host(.is-empty) {
      display: none;
    }
  `,
})
export class FormProblem {
  readonly error = input<ErrorBody>();
  protected readonly t = injectTranslate();
  readonly #now = ticking(500);
  protected readonly retryAt = computed(() => {
    const { code, retryAfterMs } = this.error() ?? {};
    return code === 'rate_limited' && retryAfterMs !== undefined ? Date.now() + retryAfterMs : undefined;
  });
  protected readonly left = computed(() => {
    const leftMs = (this.retryAt() ?? 0) - this.#now();
    return leftMs > 0 ? formatCountdown(leftMs) : '';
  });
  /** Total wait at the time of the refusal. */
  protected readonly wait = computed(() => formatCountdown(this.error()?.retryAfterMs ?? 0));
}
