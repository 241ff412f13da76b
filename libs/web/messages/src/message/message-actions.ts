import { inject, signal, type Signal } from '@angular/core';
import type { Message } from '@cloudhop/contracts';
import type { TimelineEntry } from '@cloudhop/sdk';
import { ClientStore, copyText, errorBodyOf } from '@cloudhop/web/state';
import { injectTranslate, type MessageCommand, type MessageRow } from '@cloudhop/web/ui';

/** What opens over a conversation for one message. */
export interface MessagePanel {
  what: 'picker' | 'receipt' | 'names' | 'edits' | 'forward' | 'day';
  anchor: DOMRect;
  /** Without one it is about the conversation, or about what is being typed. */
  row?: MessageRow;
}

/** What a conversation does that only it can do. */
interface Place {
  id: Signal<string>;
  answer: (message: Message) => void;
  edit: (key: string) => void;
  remove: (row: MessageRow) => void;
  show: (panel: MessagePanel) => void;
  showPerson: (asked: { userId: string; anchor: DOMRect }) => void;
}

/** How long a sentence about what one just did stays. */
const saidMs = 3_500;

/** What can be done with a message, by menu, key, finger or button alike. */
export class MessageActions {
  readonly #store = inject(ClientStore);
  readonly #t = injectTranslate();
  readonly #said = signal('');
  /** What just happened, in words, for a moment. */
  readonly said = this.#said.asReadonly();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly place: Place) {}

  say(text: string): void {
    clearTimeout(this.#timer);
    this.#said.set(text);
    this.#timer = setTimeout(() => this.#said.set(''), saidMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  run(command: MessageCommand, row: MessageRow, anchor: DOMRect): void {
    const { message } = row.line;
    switch (command) {
      case 'reply':
        return this.place.answer(message);
      case 'pick':
        return this.place.show({ what: 'picker', anchor, row });
      case 'edit':
        return this.place.edit(row.key);
      case 'copy':
        return void this.copy(message.body);
      case 'forward':
        return this.place.show({ what: 'forward', anchor, row });
      case 'pin':
      case 'unpin':
        return void this.#pin(message.id, command === 'pin');
      case 'link':
        return void this.copy(linkTo(message), 'link.copied');
      case 'reactions':
        return this.place.show({ what: 'names', anchor, row });
      case 'edits':
        return this.place.show({ what: 'edits', anchor, row });
      case 'person':
        return this.place.showPerson({ userId: message.authorId, anchor });
      case 'delete':
        return this.place.remove(row);
    }
  }

  async copy(text: string, words = 'message.copied'): Promise<void> {
    this.say(this.#t((await copyText(text)) ? words : 'message.notCopied'));
  }

  async #pin(id: string, on: boolean): Promise<void> {
    try {
      await this.#store.act.ask('message:pin', { conversationId: this.place.id(), id, on });
    } catch (error) {
      const { code } = errorBodyOf(error);
      this.say(this.#t(code === 'limit_reached' ? 'pins.full' : `errors.${code}`));
    }
  }
}

/** The address at which everybody who may read a message finds it. */
function linkTo({ conversationId, seq }: TimelineEntry['message']): string {
  return new URL(`c/${conversationId}/${seq}`, document.baseURI).href;
}
