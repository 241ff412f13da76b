import { computed, effect, signal, type Signal } from '@angular/core';
import type { Line, RowContext } from './rows';

/** Position of the first new message relative to the viewport. */
export type NewPlace = 'none' | 'above' | 'here' | 'below';

/** Inputs from the log that decide whether the button to the first new message is offered. */
interface Log {
  lines: Signal<readonly Line[]>;
  context: Signal<RowContext>;
  /** Number of new messages when the conversation was opened. */
  count: Signal<number>;
  /** True while the log is being looked at. */
  isWatched: Signal<boolean>;
  /** Called when the message at `seq` is not among the lines. */
  need: (seq: number) => void;
  /** Called when everything from `seq` on is loaded. */
  arrive: (seq: number) => void;
}

/**
 * Returns the position of the first new message if it is not drawn: above the drawn lines, unless all of them are
 * read.
 */
export function placeOutside(lines: readonly Line[], end: number, { newAfterSeq }: RowContext): NewPlace {
  const last = lines[end - 1];
  if (newAfterSeq === undefined || !last) return 'none';
  return last.message.seq !== 0 && last.message.seq <= newAfterSeq ? 'below' : 'above';
}

/** Returns whether new messages may be older than the first line. */
export function isNewMissing(lines: readonly Line[], { newAfterSeq, hasBefore }: RowContext): boolean {
  const first = lines[0];
  return newAfterSeq !== undefined && hasBefore === true && first !== undefined && first.message.seq > newAfterSeq + 1;
}

/**
 * State of the button that jumps to the first new message: shown while that is above the viewport and unseen. Create it
 * in an injection context.
 */
export class NewJump {
  readonly #log: Log;
  readonly #place = signal<NewPlace>('none');
  /** `newAfterSeq` of the new messages already seen. */
  readonly #seenAfter = signal<number | undefined>(undefined);
  readonly isShown = computed(() => {
    const { newAfterSeq } = this.#log.context();
    return this.#log.count() > 0 && this.#place() === 'above' && this.#seenAfter() !== newAfterSeq;
  });

  constructor(log: Log) {
    this.#log = log;
    effect(() => {
      if (this.#place() === 'here' && log.isWatched()) this.#seenAfter.set(log.context().newAfterSeq);
    });
  }

  see(place: NewPlace): void {
    this.#place.set(place);
  }

  start(): void {
    const context = this.#log.context();
    if (context.newAfterSeq === undefined) return;
    const seq = context.newAfterSeq + 1;
    if (isNewMissing(this.#log.lines(), context)) this.#log.need(seq);
    else this.#log.arrive(seq);
  }
}
