import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { People } from '@cloudhop/web/people';
import { ClientStore, Language, errorBodyOf, formatCountdown, maxCountdownMs } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import type { WriteRestriction } from './write-restriction';

/** Mutes longer than this are shown as permanent. */
const alwaysMs = 50 * 365 * 24 * 3_600_000;

/** Replaces the composer while writing is restricted: states the reason and, if there is one, the remedy. */
@Component({
  selector: 'ch-restricted-composer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, RouterLink],
  template: `
    @if (left(); as left) {
      <!-- The seconds are for the eye; a screen reader would hear every one of them. -->
      <p aria-hidden="true">{{ t('closed.mutedFor', { time: left }) }}</p>
    }
    <p role="status" [class.visually-hidden]="left()">{{ problem() || words() }}</p>
    @switch (restriction().reason) {
      @case ('blocked') {
        <button chButton look="soft" type="button" [disabled]="isBusy()" (click)="unblock()">
          {{ t('person.unblock') }}
        </button>
      }
      @case ('guests') {
        <a chButton routerLink="/settings" fragment="account">{{ t('closed.makeAccount') }}</a>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 8px 16px;
      width: calc(100% - 20px);
      max-width: var(--column);
      min-height: 56px;
      margin: 0 auto 16px;
      padding: 8px 20px;
      border: 1px solid var(--line);
      border-radius: 28px;
      background: var(--surface);
      color: var(--muted);
      font-variant-numeric: tabular-nums;
      text-align: center;
    }
    p {
      text-wrap: balance;
    }
  `,
})
export class RestrictedComposer {
  readonly restriction = input.required<WriteRestriction>();
  /** Milliseconds since the epoch; updated while a countdown runs. */
  readonly now = input.required<number>();
  protected readonly t = injectTranslate();
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  readonly #people = inject(People);
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);

  /** Remaining time of a mute, formatted; empty when no countdown is shown. */
  protected readonly left = computed(() => {
    const restriction = this.restriction();
    if (restriction.reason !== 'muted' || restriction.until - this.now() > maxCountdownMs) return '';
    return formatCountdown(restriction.until - this.now());
  });
  protected readonly words = computed(() => {
    const restriction = this.restriction();
    if ('peerId' in restriction)
      return this.t(`chats.closed.${restriction.reason}`, { name: this.#people.personOf()(restriction.peerId).name });
    if (restriction.reason !== 'muted') return this.t(`closed.${restriction.reason}`);
    if (restriction.until - Date.now() > alwaysMs) return this.t('closed.muted');
    return this.t('closed.mutedUntil', {
      when: this.#language.dates().fullTime(new Date(restriction.until).toISOString()),
    });
  });

  protected async unblock(): Promise<void> {
    const restriction = this.restriction();
    if (!('peerId' in restriction)) return;
    this.isBusy.set(true);
    this.problem.set('');
    try {
      await this.#store.act.ask('user:unblock', { userId: restriction.peerId });
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
    } finally {
      this.isBusy.set(false);
    }
  }
}
