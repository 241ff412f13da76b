import { ChangeDetectionStrategy, Component, DestroyRef, inject, input, output, signal } from '@angular/core';
import { FriendPicker } from '@cloudhop/web/navigation/lists';
import { People } from '@cloudhop/web/people';
import { ClientStore } from '@cloudhop/web/state';
import { Button, Toasts, injectTranslate } from '@cloudhop/web/ui';
import { injectGroupTask } from './group-problem';

/** Adds people to a group, one after the other. Those who could not be added stay selected, with the reason. */
@Component({
  selector: 'ch-add-people',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, FriendPicker],
  template: `
    <form (submit)="$event.preventDefault(); add()">
      <section [attr.aria-label]="t('groups.add')">
        <h2>{{ t('groups.add') }}</h2>
        <p class="hint">{{ t('groups.addHint') }}</p>
        <ch-friend-picker [max]="room()" [excluded]="present()" [(chosen)]="chosen" />
      </section>
      <div class="foot">
        <p class="problem" role="alert">{{ task.problem() }}</p>
        <button chButton look="soft" type="button" (click)="closed.emit()">{{ t('people.cancel') }}</button>
        <button chButton type="submit" [disabled]="task.isBusy() || chosen().length === 0">
          {{ t('groups.addNow') }}
        </button>
      </div>
    </form>
  `,
  styleUrl: './group-form.css',
})
export class AddPeople {
  readonly conversationId = input.required<string>();
  /** Members and invited users. */
  readonly present = input.required<ReadonlySet<string>>();
  /** Number of members the group can still take. */
  readonly room = input.required<number>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly task = injectGroupTask();
  protected readonly chosen = signal<readonly string[]>([]);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #toasts = inject(Toasts);
  readonly #lifetime = inject(DestroyRef);

  protected async add(): Promise<void> {
    const id = this.conversationId();
    const invited: string[] = [];
    const isDone = await this.task.run(async () => {
      for (const userId of this.chosen()) {
        const member = await this.#store.act.call('groups.add', { params: { id }, body: { userId } });
        this.chosen.update((chosen) => chosen.filter((each) => each !== userId));
        if (member.state === 'invited') invited.push(userId);
      }
    });
    const [first] = invited;
    if (first !== undefined) {
      const name = `\u2068${this.#people.personOf()(first).name}\u2069`;
      const key = invited.length === 1 ? 'groups.isAsked' : 'groups.areAsked';
      this.#toasts.show({ text: this.t(key, { name, count: invited.length }) });
    }
    if (isDone && !this.#lifetime.destroyed) this.closed.emit();
  }
}
