import { computed, effect, signal, type Signal } from '@angular/core';
import type { Line, RowContext } from './rows';

/** Where the first of what is new stands, as the screen has it. */
export type NewPlace = 'none' | 'above' | 'here' | 'below';

/** What of a log decides whether a way up to the first new message is offered. */
interface Log {
  lines: Signal<readonly Line[]>;
  context: Signal<RowContext>;
  /** How much of what is new there was to be seen when somebody came. */
  count: Signal<number>;
  /** Whether anybody looks. */
  isWatched: Signal<boolean>;
  /** The message at `seq` is not among the lines. */
  need: (seq: number) => void;
  /** All of it is loaded from `seq` on. */
  arrive: (seq: number) => void;
}

/** Where the first new line stands that is not drawn: above what is, unless all that is drawn was read. */
export function placeOutside(lines: readonly Line[], end: number, { newAfterSeq }: RowContext): NewPlace {
  const last = lines[end - 1];
  if (newAfterSeq === undefined || !last) return 'none';
  return last.message.seq !== 0 && last.message.seq <= newAfterSeq ? 'below' : 'above';
}

/** Whether there may be new messages older than the first line. */
export function isNewMissing(lines: readonly Line[], { newAfterSeq, hasBefore }: RowContext): boolean {
  const first = lines[0];
  return newAfterSeq !== undefined && hasBefore === true && first !== undefined && first.message.seq > newAfterSeq + 1;
}

/** The way up to the first new message: offered while it stands above the screen and nobody has seen it. Make it where `inject` may be called. */
export class NewJump {
  readonly #log: Log;
  readonly #place = signal<NewPlace>('none');
  /** After which message the new ones began that were seen. */
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
