import { computed, signal, type Signal } from '@angular/core';
import type { MessageRow, TimelineRow } from './rows';
import type { ScrollKeeper } from './scroll-keeper';

interface Log {
  rows: Signal<readonly TimelineRow[]>;
  keeper: () => ScrollKeeper | undefined;
}

/** How far a key goes, in messages; undefined for a key that does not. */
export function logStepOf(key: string): number | undefined {
  return { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8, Home: -Infinity, End: Infinity }[key];
}

/** Which message has the keyboard's focus, or would get it. */
export class RowFocus {
  readonly #log: Log;
  readonly #active = signal<string | undefined>(undefined);
  /** The message that the tab key stops at: the one in use, else the newest. */
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

  /** Makes a message the one in use; none is when the focus has left the log. */
  use(key: string | undefined): void {
    this.#active.set(key);
  }

  /** Puts the focus on a message, else on the one in use. */
  take(key = this.reachable()): void {
    if (key) this.#log.keeper()?.rowOf(key)?.focus({ preventScroll: true });
  }

  /** The message after which the focus goes when `key` is about to vanish. */
  neighbourOf(key: string): string | undefined {
    const messages = this.#messages();
    const index = messages.findIndex((row) => row.key === key);
    return (messages[index + 1] ?? messages[index - 1])?.key;
  }

  rowAt(target: EventTarget | null): MessageRow | undefined {
    const key = target instanceof Element ? target.closest<HTMLElement>('ch-message-row')?.dataset['key'] : undefined;
    return this.#messages().find((row) => row.key === key);
  }

  /** Goes `step` messages from one, and brings the one there to the eye. */
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
