import { DestroyRef, effect, inject, signal, untracked, type Signal } from '@angular/core';
import type { Line } from './rows';

/** Jump request to a message by its seq; every request has a new id. */
export interface Jump {
  seq: number;
  id: number;
}

/** Row where a jump ends: the message, or the row at its place if it is gone. */
export interface JumpGoal {
  key: string;
  seq: number;
  isGone: boolean;
}

/** Inputs that a jump needs from its log. */
interface Log {
  jump: Signal<Jump | undefined>;
  lines: Signal<readonly Line[]>;
  /** Older messages exist beyond the lines. */
  hasBefore: Signal<boolean>;
  hasAfter: Signal<boolean>;
  /** Called when the lines around `seq` are loaded and must be drawn. */
  arrive: (seq: number) => void;
  /** Called when the message no longer exists. */
  miss: () => void;
}

/** Duration of the highlight on the target of a jump. */
const glowMs = 2_000;

/** Returns the row of a message, or of its place among the lines; undefined while its surroundings are not loaded. */
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

/**
 * State of one jump: waits until the message is loaded, gives the scroll goal, and highlights its row. Create it in an
 * injection context.
 */
export class MessageJump {
  readonly #log: Log;
  readonly #glowing = signal<string | undefined>(undefined);
  /** Key of the highlighted row. */
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

  /** Returns the scroll goal until it is reached. */
  get goal(): JumpGoal | undefined {
    return this.#goal;
  }

  /** Ends the jump: the goal is visible. */
  reach(): void {
    const goal = this.#goal;
    this.#goal = undefined;
    if (!goal) return;
    if (goal.isGone) return this.#log.miss();
    clearTimeout(this.#timer);
    this.#glowing.set(goal.key);
    this.#timer = setTimeout(() => this.#glowing.set(undefined), glowMs);
  }

  /** Cancels the jump: the reader scrolled elsewhere. */
  drop(): void {
    this.#goal = undefined;
  }
}
