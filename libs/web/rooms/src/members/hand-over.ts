import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, input, output } from '@angular/core';
import type { Conversation } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ClientStore, nameWithTag } from '@cloudhop/web/state';
import { Button, Toasts, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { injectRoomTask } from '../room-task';

/** Confirmation before ownership of a room is transferred: only the new owner could transfer it back. */
@Component({
  selector: 'ch-hand-over',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Sheet],
  template: `
    <ch-sheet [label]="t('rooms.handOver.title', words())" [closeLabel]="t('people.cancel')" (closed)="closed.emit()">
      <div class="inside">
        <p>{{ t('rooms.handOver.text', words()) }}</p>
        <p class="problem" role="alert">{{ task.problem() }}</p>
        <div class="buttons">
          <button chButton look="soft" type="button" (click)="closed.emit()">{{ t('people.cancel') }}</button>
          <button chButton type="button" [disabled]="task.isBusy()" (click)="agree()">
            {{ t('rooms.acts.handOver') }}
          </button>
        </div>
      </div>
    </ch-sheet>
  `,
  styleUrl: '../confirmation.css',
})
export class HandOver {
  readonly conversation = input.required<Conversation>();
  readonly userId = input.required<string>();
  readonly closed = output();
  /** Emits when it is done. */
  readonly done = output();
  protected readonly t = injectTranslate();
  protected readonly task = injectRoomTask();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #toasts = inject(Toasts);
  readonly #lifetime = inject(DestroyRef);
  protected readonly words = computed(() => ({
    name: `\u2068${nameWithTag(this.#people.personOf()(this.userId()))}\u2069`,
    title: `\u2068${this.conversation().title ?? ''}\u2069`,
  }));

  protected async agree(): Promise<void> {
    const params = { slug: this.conversation().id };
    const body = { userId: this.userId() };
    const isDone = await this.task.run(() => this.#store.act.call('rooms.handOver', { params, body }));
    if (!isDone) return;
    this.#toasts.show({ text: this.t('rooms.done.handOver', this.words()) });
    if (!this.#lifetime.destroyed) this.done.emit();
  }
}
