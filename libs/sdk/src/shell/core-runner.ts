import type { ClientEvent, Effect, Unstamped } from '../core/events';
import type { State } from '../core/state';
import { step } from '../core/step';
import type { ClientOptions } from './options';

/** Puts an event into the core. */
export type Dispatch = (event: Unstamped) => void;

/** Holds the state, steps the pure core with one event at a time, and hands over its effects in order. */
export class CoreRunner {
  #state: State;
  #cancelWake: (() => void) | undefined;
  #isNotifying = false;
  #isStepping = false;
  readonly #queued: Unstamped[] = [];
  readonly #listeners = new Set<() => void>();

  /** `perform` may dispatch events; they are stepped after the effects of the current step. */
  constructor(
    initial: State,
    private readonly options: Pick<ClientOptions, 'timer' | 'random'>,
    private readonly perform: (effect: Effect) => void,
  ) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  /** Returns the device clock in milliseconds since the epoch. */
  now(): number {
    return this.options.timer.now();
  }

  /** Calls `listener` after changes, at most once per task. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly dispatch: Dispatch = (event) => {
    this.#queued.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#queued.shift(); next; next = this.#queued.shift()) {
        const stamped: ClientEvent = { ...next, now: this.now(), random: this.options.random() };
        const { state, effects } = step(this.#state, stamped);
        if (state !== this.#state) this.#replaceState(state);
        for (const effect of effects) this.perform(effect);
      }
    } finally {
      this.#isStepping = false;
    }
  };

  cancelWake(): void {
    this.#cancelWake?.();
  }

  #replaceState(state: State): void {
    this.#state = state;
    this.#cancelWake?.();
    this.#cancelWake =
      state.wakeAt === undefined
        ? undefined
        : this.options.timer.after(Math.max(0, state.wakeAt - this.now()), () => this.dispatch({ type: 'ticked' }));
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    // Once per task: a frame of a hundred changes is one picture.
    queueMicrotask(() => {
      this.#isNotifying = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
