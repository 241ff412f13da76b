import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, input, output } from '@angular/core';
import { People } from '@cloudhop/web/people';
import { ClientStore, nameWithTag } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { injectGroupTask } from './group-problem';

/** Action that needs confirmation, because the user can't undo it alone. */
export interface PendingGroupAction {
  kind: 'leave' | 'leaveAsOwner' | 'leaveLast' | 'remove' | 'handOver';
  conversationId: string;
  title: string;
  /** The user concerned. */
  userId?: string;
}

/** Confirmation before an action that only others could undo. */
@Component({
  selector: 'ch-group-confirmation',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Sheet],
  template: `
    <ch-sheet
      [label]="t('groups.ask.' + key() + '.title', words())"
      [closeLabel]="t('people.cancel')"
      (closed)="closed.emit()"
    >
      <div class="inside">
        <p>{{ t('groups.ask.' + ask().kind + '.text', words()) }}</p>
        <p class="problem" role="alert">{{ task.problem() }}</p>
        <div class="buttons">
          <button chButton look="soft" type="button" (click)="closed.emit()">{{ t('people.cancel') }}</button>
          <button chButton type="button" [disabled]="task.isBusy()" (click)="agree()">
            {{ t('groups.ask.' + key() + '.yes') }}
          </button>
        </div>
      </div>
    </ch-sheet>
  `,
  styles: `
    .inside {
      display: grid;
      gap: 14px;
      padding: 4px 20px 20px;
    }
    p {
      color: var(--muted);
      overflow-wrap: anywhere;
    }
    .problem {
      color: var(--danger);
      font-weight: 700;
    }
    .problem:empty {
      display: none;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 8px;
    }
  `,
})
export class GroupConfirmation {
  readonly ask = input.required<PendingGroupAction>();
  readonly closed = output();
  /** Emits when it is done. */
  readonly done = output<PendingGroupAction>();
  protected readonly t = injectTranslate();
  protected readonly task = injectGroupTask();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #lifetime = inject(DestroyRef);
  protected readonly key = computed(() => (this.ask().kind.startsWith('leave') ? 'leave' : this.ask().kind));
  protected readonly words = computed(() => {
    const { title, userId } = this.ask();
    const name = userId === undefined ? '' : nameWithTag(this.#people.personOf()(userId));
    return { title: `\u2068${title}\u2069`, name: `\u2068${name}\u2069` };
  });

  protected async agree(): Promise<void> {
    const ask = this.ask();
    if ((await this.task.run(() => this.#do(ask))) && !this.#lifetime.destroyed) this.done.emit(ask);
  }

  async #do({ kind, conversationId: id, userId = '' }: PendingGroupAction): Promise<void> {
    const { act } = this.#store;
    if (kind === 'remove') await act.call('groups.remove', { params: { id, userId } });
    else if (kind === 'handOver') await act.call('groups.handOver', { params: { id }, body: { userId } });
    else await act.call('groups.leave', { params: { id } });
  }
}
