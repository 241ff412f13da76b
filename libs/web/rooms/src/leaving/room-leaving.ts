import { Injectable, inject, signal } from '@angular/core';
import type { Conversation } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import { Toasts, injectTranslate } from '@cloudhop/web/ui';
import { injectRoomTask } from '../room-task';

/** Longer than the usual undo time: the message holds the way back. */
const undoMs = 8_000;

/** Leaves rooms: at once if the user can enter again, else after a confirmation. */
@Injectable({ providedIn: 'root' })
export class RoomLeaving {
  readonly #store = inject(ClientStore);
  readonly #toasts = inject(Toasts);
  readonly #t = injectTranslate();
  readonly #asked = signal<Conversation | undefined>(undefined);
  readonly #left = signal<ReadonlySet<string>>(new Set());
  readonly task = injectRoomTask();
  /** The room with a pending confirmation. */
  readonly asked = this.#asked.asReadonly();
  /** Rooms the user has left, by id. */
  readonly left = this.#left.asReadonly();

  start(conversation: Conversation): void {
    this.task.showProblem('');
    if (conversation.visibility === 'private' || conversation.role === 'owner') this.#asked.set(conversation);
    else void this.#leave(conversation);
  }

  cancel(): void {
    this.#asked.set(undefined);
  }

  async agree(): Promise<void> {
    const conversation = this.#asked();
    if (conversation && (await this.#leave(conversation))) this.#asked.set(undefined);
  }

  /** Records that the user has joined the room again. */
  entered(conversationId: string): void {
    if (this.#left().has(conversationId))
      this.#left.update((left) => new Set([...left].filter((id) => id !== conversationId)));
  }

  async #leave({ id, title = '', visibility }: Conversation): Promise<boolean> {
    this.#left.update((left) => new Set([...left, id]));
    const isDone = await this.task.run(() => this.#store.act.leaveRoom(id));
    if (!isDone) {
      this.entered(id);
      if (!this.#asked()) this.#toasts.show({ text: this.task.problem() });
      return false;
    }
    const text = this.#t('rooms.leave.done', { title: `\u2068${title}\u2069` });
    if (visibility === 'private') this.#toasts.show({ text });
    else
      this.#toasts.show({
        text,
        action: this.#t('message.undo'),
        act: () => void this.#comeBack(id),
        durationMs: undoMs,
      });
    return true;
  }

  async #comeBack(id: string): Promise<void> {
    if (await this.task.run(() => this.#store.act.joinRoom(id))) this.entered(id);
    else this.#toasts.show({ text: this.task.problem() });
  }
}
