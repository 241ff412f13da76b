import { limits as contractLimits } from '@cloudhop/contracts';
import { limits } from '../limits';

const windowMs = 1_000;

/** Rate limit of one socket. Uses two counters and no timer, as there can be ten thousand of them. */
export class SocketPace {
  #windowAt = -Infinity;
  #admitted = 0;
  #refusedAt = -Infinity;
  #refused = 0;

  /** Counts an event at `now`, in ms of a monotonic clock. Returns 0 if it is admitted, else the wait in ms. */
  admit(now: number): number {
    if (now - this.#windowAt >= windowMs) {
      this.#windowAt = now;
      this.#admitted = 0;
    }
    if (this.#admitted >= contractLimits.requestsPerSecond) return this.#windowAt + windowMs - now;
    this.#admitted++;
    return 0;
  }

  /** Counts a refused event. Returns true if there were so many that the socket must be disconnected. */
  refuse(now: number): boolean {
    if (now - this.#refusedAt >= limits.refusedWindowMs) {
      this.#refusedAt = now;
      this.#refused = 0;
    }
    return ++this.#refused > limits.refusedEvents;
  }
}
