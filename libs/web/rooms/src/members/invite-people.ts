import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, input, output, signal } from '@angular/core';
import type { Conversation } from '@cloudhop/contracts';
import { FriendPicker } from '@cloudhop/web/navigation/lists';
import { People } from '@cloudhop/web/people';
import { ClientStore } from '@cloudhop/web/state';
import { Button, Toasts, injectTranslate } from '@cloudhop/web/ui';
import { injectRoomTask } from '../room-task';

/** Maximum of people invited at a time. */
const maxAtOnce = 20;

/** Invites people to a room, one after the other. Those who could not be invited stay selected, with the reason. */
@Component({
  selector: 'ch-invite-people',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, FriendPicker],
  template: `
    <form (submit)="$event.preventDefault(); invite()">
      <p class="hint">{{ t('rooms.invite.hint') }}</p>
      <ch-friend-picker [max]="most" [excluded]="excluded()" [words]="words" [(chosen)]="chosen" />
      <div class="foot">
        <p class="problem" role="alert">{{ task.problem() }}</p>
        <button chButton look="soft" type="button" (click)="closed.emit()">{{ t('people.cancel') }}</button>
        <button chButton type="submit" [disabled]="task.isBusy() || chosen().length === 0">
          {{ t('rooms.invite.now') }}
        </button>
      </div>
    </form>
  `,
  styleUrl: '../form.css',
})
export class InvitePeople {
  readonly conversation = input.required<Conversation>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly task = injectRoomTask();
  protected readonly most = maxAtOnce;
  protected readonly words = { isThere: 'rooms.invite.isThere', allIn: 'rooms.invite.allIn' };
  protected readonly chosen = signal<readonly string[]>([]);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #toasts = inject(Toasts);
  readonly #lifetime = inject(DestroyRef);
  /** The user, and everybody who joined while the room was open. */
  protected readonly excluded = computed(() => {
    const changed = this.#store.timeline(this.conversation().id)?.members.values() ?? [];
    const isThere = ({ state }: { state: string }) => state === 'joined' || state === 'invited';
    return new Set([this.#store.me()?.id ?? '', ...[...changed].filter(isThere).map(({ userId }) => userId)]);
  });

  protected async invite(): Promise<void> {
    const params = { slug: this.conversation().id };
    const asked: string[] = [];
    const isDone = await this.task.run(async () => {
      for (const userId of this.chosen()) {
        const { state } = await this.#store.act.call('rooms.invite', { params, body: { userId } });
        this.chosen.update((chosen) => chosen.filter((each) => each !== userId));
        if (state === 'invited') asked.push(userId);
      }
    });
    const [first] = asked;
    if (first !== undefined) {
      const name = `\u2068${this.#people.personOf()(first).name}\u2069`;
      const key = asked.length === 1 ? 'groups.isAsked' : 'groups.areAsked';
      this.#toasts.show({ text: this.t(key, { name, count: asked.length }) });
    }
    if (isDone && !this.#lifetime.destroyed) this.closed.emit();
  }
}
