import { Injectable, inject, signal } from '@angular/core';
import { limits, type Conversation } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Toasts, injectTranslate } from '@cloudhop/web/ui';

/** Time that a line stays hidden after the server's answer, until its change has arrived, in milliseconds. */
const settleMs = 2_000;

/** Conversations that the user deletes for themselves: hidden at once, deleted on the server after the undo time. */
@Injectable({ providedIn: 'root' })
export class ChatRemovals {
  readonly #store = inject(ClientStore);
  readonly #toasts = inject(Toasts);
  readonly #t = injectTranslate();
  /** Highest deleted seq, by conversation. */
  readonly #waiting = signal<ReadonlyMap<string, number>>(new Map());
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Returns whether the line is hidden: a message after the deletion shows it again. */
  isHidden({ conversation, last }: ConversationSummary): boolean {
    const clearedSeq = this.#waiting().get(conversation.id);
    return clearedSeq !== undefined && (last?.seq ?? 0) <= clearedSeq;
  }

  remove(conversation: Conversation, name: string): void {
    const { id } = conversation;
    this.#waiting.update((waiting) => new Map([...waiting, [id, conversation.seq]]));
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => void this.#tell(conversation), limits.undoDeleteMs),
    );
    this.#toasts.show({
      text: this.#t('chats.removed', { name }),
      action: this.#t('message.undo'),
      act: () => this.#undo(id),
      durationMs: limits.undoDeleteMs,
    });
  }

  #undo(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#waiting.update((waiting) => new Map([...waiting].filter(([key]) => key !== id)));
  }

  async #tell({ id, seq, pinnedAt }: Conversation): Promise<void> {
    try {
      await this.#store.act.call('conversations.mark', {
        params: { id },
        body: { clearedSeq: seq, ...(pinnedAt !== undefined && { isPinned: false }) },
      });
      this.#store.act.setDraft(id, '');
      this.#timers.set(
        id,
        setTimeout(() => this.#undo(id), settleMs),
      );
    } catch (error) {
      this.#undo(id);
      this.#toasts.show({ text: this.#t(`errors.${errorBodyOf(error).code}`) });
    }
  }
}
