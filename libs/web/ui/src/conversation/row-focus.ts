import { computed, signal, type Signal } from '@angular/core';
import type { MessageRow, TimelineRow } from './rows';
import type { ScrollKeeper } from './scroll-keeper';

interface Log {
  rows: Signal<readonly TimelineRow[]>;
  keeper: () => ScrollKeeper | undefined;
}

/** Returns the number of messages a key moves by; undefined for other keys. */
export function logStepOf(key: string): number | undefined {
  return { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8, Home: -Infinity, End: Infinity }[key];
}

/**
 * Roving focus of the messages. The CDK's FocusKeyManager finds its active item again by identity, while here rows are
 * rebuilt with every change and leave the drawn window at its edges. So the active message is known by its key.
 */
export class RowFocus {
  readonly #log: Log;
  readonly #active = signal<string | undefined>(undefined);
  /** Key of the message at which Tab stops: the active one, else the newest. */
  readonly reachable: Signal<string | undefined>;

  constructor(log: Log) {
    this.#log = log;
    this.reachable = computed(() => {
      const rows = log.rows();
      const active = this.#active();
      if (active !== undefined && rows.some(({ key }) => key === active)) return active;
      return rows.findLast(({ kind }) => kind === 'message')?.key;
    });
  }

  /** Sets the active message; undefined when the focus has left the log. */
  use(key: string | undefined): void {
    this.#active.set(key);
  }

  /** Focuses a message, else the active one. */
  take(key = this.reachable()): void {
    if (key) this.#log.keeper()?.rowOf(key)?.focus({ preventScroll: true });
  }

  /** Returns the message that gets the focus when `key` is about to be removed. */
  neighbourOf(key: string): string | undefined {
    const messages = this.#messages();
    const index = messages.findIndex((row) => row.key === key);
    return (messages[index + 1] ?? messages[index - 1])?.key;
  }

  rowAt(target: EventTarget | null): MessageRow | undefined {
    const key = target instanceof Element ? target.closest<HTMLElement>('ch-message-row')?.dataset['key'] : undefined;
    return this.#messages().find((row) => row.key === key);
  }

  /** Focuses the message `step` further, and scrolls it into view. */
  move(from: MessageRow, step: number): void {
    const messages = this.#messages();
    const index = messages.findIndex(({ key }) => key === from.key);
    const next = messages[Math.max(0, Math.min(messages.length - 1, index + step))];
    const element = next && this.#log.keeper()?.rowOf(next.key);
    if (!element) return;
    this.use(next.key);
    element.focus({ preventScroll: true });
    this.#log.keeper()?.reveal(element);
  }

  #messages(): MessageRow[] {
    return this.#log.rows().filter((row) => row.kind === 'message');
  }
}
