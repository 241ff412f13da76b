import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { People } from '../person/people';
import type { Closing } from './closing';

/** In place of the composer: why one cannot write here, and the way out where there is one. */
@Component({
  selector: 'ch-closed-composer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button],
  host: { role: 'status' },
  template: `
    <p>
      {{ problem() || t('chats.closed.' + closing().reason, { name: people.personOf()(closing().peerId).name }) }}
    </p>
    @if (closing().reason === 'blocked') {
      <button chButton look="soft" type="button" [disabled]="isBusy()" (click)="unblock()">
        {{ t('person.unblock') }}
      </button>
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
      text-align: center;
    }
    p {
      text-wrap: balance;
    }
  `,
})
export class ClosedComposer {
  readonly closing = input.required<Closing>();
  protected readonly people = inject(People);
  protected readonly t = injectTranslate();
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  readonly #store = inject(ClientStore);

  protected async unblock(): Promise<void> {
    this.isBusy.set(true);
    this.problem.set('');
    try {
      await this.#store.act.ask('user:unblock', { userId: this.closing().peerId });
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
    } finally {
      this.isBusy.set(false);
    }
  }
}
