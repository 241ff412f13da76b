import { limits as contractLimits } from '@cloudhop/contracts';
import { limits } from '../limits';

const windowMs = 1_000;

/** How fast one socket may ask. Two counters and no timer: there may be ten thousand of these. */
export class SocketPace {
  #windowAt = -Infinity;
  #admitted = 0;
  #refusedAt = -Infinity;
  #refused = 0;

  /** Counts an event at `now` (any clock in ms that never goes back). Returns 0, or how many ms to wait. */
  admit(now: number): number {
    if (now - this.#windowAt >= windowMs) {
      this.#windowAt = now;
      this.#admitted = 0;
    }
    if (this.#admitted >= contractLimits.requestsPerSecond) return this.#windowAt + windowMs - now;
    this.#admitted++;
    return 0;
  }

  /** Counts a refused event. True when there were so many that the socket must go. */
  refuse(now: number): boolean {
    if (now - this.#refusedAt >= limits.refusedWindowMs) {
      this.#refusedAt = now;
      this.#refused = 0;
    }
    return ++this.#refused > limits.refusedEvents;
  }
}
