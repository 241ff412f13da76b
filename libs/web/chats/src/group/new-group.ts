import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { limits, type AvatarColor } from '@cloudhop/contracts';
import { FriendPicker } from '@cloudhop/web/navigation/lists';
import { ClientStore } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { GroupFields } from './group-fields';
import { injectGroupTask } from './group-problem';

/** Form for a new group: title, colour, and first members. */
@Component({
  selector: 'ch-new-group',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, FriendPicker, GroupFields, Sheet],
  template: `
    <ch-sheet [label]="t('groups.new')" [closeLabel]="t('people.cancel')" (closed)="closed.emit()">
      <form (submit)="$event.preventDefault(); create()">
        <ch-group-fields [(title)]="title" [(color)]="color" />
        <section [attr.aria-label]="t('groups.who')">
          <h3>{{ t('groups.who') }}</h3>
          <ch-friend-picker [max]="most" [(chosen)]="chosen" />
        </section>
        <div class="foot">
          <p class="problem" role="alert">{{ task.problem() }}</p>
          <button chButton type="submit" [disabled]="task.isBusy()">{{ words() }}</button>
        </div>
      </form>
    </ch-sheet>
  `,
  styleUrl: './group-form.css',
})
export class NewGroup {
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly task = injectGroupTask();
  protected readonly most = limits.groupMembers - 1;
  protected readonly title = signal('');
  protected readonly color = signal<AvatarColor | undefined>('lavender');
  protected readonly chosen = signal<readonly string[]>([]);
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  readonly #lifetime = inject(DestroyRef);
  private readonly look = viewChild.required(GroupFields);
  protected readonly words = computed(() => {
    const count = this.chosen().length;
    return count === 0 ? this.t('groups.create') : this.t('groups.createWith', { count: count + 1 });
  });

  protected async create(): Promise<void> {
    if (!this.look().check()) return;
    const [title, color, userIds] = [this.title().trim(), this.color(), this.chosen()];
    await this.task.run(async () => {
      const id = await this.#store.act.createGroup({ title, ...(color && { color }), userIds });
      if (!this.#lifetime.destroyed) this.closed.emit();
      await this.#router.navigate(['/chats', id]);
    });
  }
}
