import { Injectable, signal } from '@angular/core';

const storageKey = 'cloudhop.replies';

/** Which message one is about to answer, by conversation: as long as what one types for it, also after a reload. */
@Injectable({ providedIn: 'root' })
export class ReplyTargets {
  readonly #targets = signal<Readonly<Record<string, string>>>(stored());

  /** Reactive: the id of the message that is answered there. */
  of(conversationId: string): string | undefined {
    return this.#targets()[conversationId];
  }

  set(conversationId: string, messageId: string | undefined): void {
    const { [conversationId]: _, ...others } = this.#targets();
    const targets = messageId === undefined ? others : { ...others, [conversationId]: messageId };
    this.#targets.set(targets);
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(targets));
    } catch {
      // Without storage it lasts as long as the page.
    }
  }
}

function stored(): Record<string, string> {
  try {
    const targets: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}');
    if (typeof targets !== 'object' || targets === null) return {};
    return Object.fromEntries(Object.entries(targets).filter(([, id]) => typeof id === 'string'));
  } catch {
    return {};
  }
}
