import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import type { AvatarColor, Conversation } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { GroupFields } from './group-fields';
import { injectGroupTask } from './group-problem';

/** Form for a group's title and colour. */
@Component({
  selector: 'ch-change-group',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, GroupFields],
  template: `
    <form (submit)="$event.preventDefault(); save()">
      <ch-group-fields [(title)]="title" [(color)]="color" />
      <div class="foot">
        <p class="problem" role="alert">{{ task.problem() }}</p>
        <button chButton look="soft" type="button" (click)="closed.emit()">{{ t('people.cancel') }}</button>
        <button chButton type="submit" [disabled]="task.isBusy()">{{ t('people.save') }}</button>
      </div>
    </form>
  `,
  styleUrl: './group-form.css',
})
export class ChangeGroup {
  readonly conversation = input.required<Conversation>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly task = injectGroupTask();
  // Typed text stays until title or colour change: the conversation itself changes with every message.
  readonly #title = computed(() => this.conversation().title ?? '');
  readonly #color = computed((): AvatarColor | undefined => this.conversation().color);
  protected readonly title = linkedSignal(this.#title);
  protected readonly color = linkedSignal(this.#color);
  readonly #store = inject(ClientStore);
  readonly #lifetime = inject(DestroyRef);
  private readonly look = viewChild.required(GroupFields);

  protected async save(): Promise<void> {
    if (!this.look().check()) return;
    const { id, title: titleBefore, color: colorBefore } = this.conversation();
    const [title, color] = [this.title().trim(), this.color()];
    const body = {
      ...(title !== titleBefore && { title }),
      ...(color !== undefined && color !== colorBefore && { color }),
    };
    if (Object.keys(body).length === 0) return this.closed.emit();
    const isDone = await this.task.run(() => this.#store.act.call('groups.change', { params: { id }, body }));
    if (isDone && !this.#lifetime.destroyed) this.closed.emit();
  }
}
