import { inject, signal, type Signal } from '@angular/core';
import type { Message } from '@cloudhop/contracts';
import type { TimelineEntry } from '@cloudhop/sdk';
import { ClientStore, copyText, errorBodyOf } from '@cloudhop/web/state';
import { injectTranslate, type MessageCommand, type MessageRow } from '@cloudhop/web/ui';

/** Panel that is open over a conversation. */
export interface MessagePanel {
  what: 'picker' | 'receipt' | 'names' | 'edits' | 'forward' | 'day';
  anchor: DOMRect;
  /** The message of the panel; without it the panel belongs to the conversation or the composer. */
  row?: MessageRow;
}

/** Operations that the conversation provides to its message actions. */
interface ConversationOperations {
  id: Signal<string>;
  answer: (message: Message) => void;
  edit: (key: string) => void;
  remove: (row: MessageRow) => void;
  show: (panel: MessagePanel) => void;
  showPerson: (request: { userId: string; anchor: DOMRect }) => void;
}

/** Display time of a status. */
const statusMs = 3_500;

/** Actions on a message, however invoked: menu, key, touch or button. */
export class MessageActions {
  readonly #store = inject(ClientStore);
  readonly #t = injectTranslate();
  readonly #status = signal('');
  /** Confirmation or error of the last action; empty after a while. */
  readonly status = this.#status.asReadonly();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly conversation: ConversationOperations) {}

  showStatus(text: string): void {
    clearTimeout(this.#timer);
    this.#status.set(text);
    this.#timer = setTimeout(() => this.#status.set(''), statusMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  run(command: MessageCommand, row: MessageRow, anchor: DOMRect): void {
    const { message } = row.line;
    switch (command) {
      case 'reply':
        return this.conversation.answer(message);
      case 'pick':
        return this.conversation.show({ what: 'picker', anchor, row });
      case 'edit':
        return this.conversation.edit(row.key);
      case 'copy':
        return void this.copy(message.body);
      case 'forward':
        return this.conversation.show({ what: 'forward', anchor, row });
      case 'pin':
      case 'unpin':
        return void this.#pin(message.id, command === 'pin');
      case 'link':
        return void this.copy(linkTo(message), 'link.copied');
      case 'reactions':
        return this.conversation.show({ what: 'names', anchor, row });
      case 'edits':
        return this.conversation.show({ what: 'edits', anchor, row });
      case 'person':
        return this.conversation.showPerson({ userId: message.authorId, anchor });
      case 'delete':
        return this.conversation.remove(row);
    }
  }

  async copy(text: string, words = 'message.copied'): Promise<void> {
    this.showStatus(this.#t((await copyText(text)) ? words : 'message.notCopied'));
  }

  async #pin(id: string, on: boolean): Promise<void> {
    try {
      await this.#store.act.ask('message:pin', { conversationId: this.conversation.id(), id, on });
    } catch (error) {
      const { code } = errorBodyOf(error);
      this.showStatus(this.#t(code === 'limit_reached' ? 'pins.full' : `errors.${code}`));
    }
  }
}

/** Returns the permalink of a message. */
function linkTo({ conversationId, seq }: TimelineEntry['message']): string {
  return new URL(`c/${conversationId}/${seq}`, document.baseURI).href;
}
