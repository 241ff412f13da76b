import { DestroyRef, effect, inject, signal, untracked, type Signal } from '@angular/core';
import type { Line } from './rows';

/** A message that is to be shown, by its place in the log; another id for each time it is wanted. */
export interface Jump {
  seq: number;
  id: number;
}

/** Where a jump ends: at the message, or at what stands where it was. */
export interface JumpGoal {
  key: string;
  seq: number;
  isGone: boolean;
}

/** What of a log a jump needs. */
interface Log {
  jump: Signal<Jump | undefined>;
  lines: Signal<readonly Line[]>;
  /** Whether there are messages beyond the lines. */
  hasBefore: Signal<boolean>;
  hasAfter: Signal<boolean>;
  /** The lines around `seq` are there, and are to be drawn. */
  arrive: (seq: number) => void;
  /** The message is not there any more. */
  miss: () => void;
}

/** How long a message glows that was jumped to. */
const glowMs = 2_000;

/** Where a message stands among the lines, or would; undefined while those around it are not loaded. */
export function goalOf(
  lines: readonly Line[],
  seq: number,
  { hasBefore, hasAfter }: { hasBefore: boolean; hasAfter: boolean },
): JumpGoal | undefined {
  const stored = lines.filter(({ message }) => message.rev > 0);
  const [first, last] = [stored[0], stored.at(-1)];
  if (!first || !last) return undefined;
  if ((hasBefore && seq < first.message.seq) || (hasAfter && seq > last.message.seq)) return undefined;
  const nearest = stored.find(({ message }) => message.seq >= seq) ?? last;
  return { key: nearest.key, seq: nearest.message.seq, isGone: nearest.message.seq !== seq };
}

/** The way to one message: waits until it is loaded, says where to scroll, and which row glows. Make it where `inject` may be called. */
export class MessageJump {
  readonly #log: Log;
  readonly #glowing = signal<string | undefined>(undefined);
  /** The key of the row that glows. */
  readonly glowing = this.#glowing.asReadonly();
  #goal: JumpGoal | undefined;
  #doneId: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(log: Log) {
    this.#log = log;
    effect(() => {
      const jump = log.jump();
      if (!jump || jump.id === this.#doneId) return;
      const goal = goalOf(log.lines(), jump.seq, { hasBefore: log.hasBefore(), hasAfter: log.hasAfter() });
      if (!goal) return;
      this.#doneId = jump.id;
      this.#goal = goal;
      untracked(() => log.arrive(goal.seq));
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  /** Where to scroll, until somebody has been there. */
  get goal(): JumpGoal | undefined {
    return this.#goal;
  }

  /** The goal is before the reader's eyes. */
  reach(): void {
    const goal = this.#goal;
    this.#goal = undefined;
    if (!goal) return;
    if (goal.isGone) return this.#log.miss();
    clearTimeout(this.#timer);
    this.#glowing.set(goal.key);
    this.#timer = setTimeout(() => this.#glowing.set(undefined), glowMs);
  }

  /** The reader goes elsewhere. */
  drop(): void {
    this.#goal = undefined;
  }
}
