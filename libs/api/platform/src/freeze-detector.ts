import { limits } from './limits';

/**
 * Notices that this process did not run for longer than limits.freezeMs: it was stopped, its machine was suspended, or
 * its event loop was blocked. Who may read may have changed meanwhile, on other nodes.
 */
export class FreezeDetector {
  #freezes = 0;
  #ranAt = performance.now();
  #ranAtTime = Date.now();
  readonly #listeners = new Set<(frozenMs: number) => void>();

  /** Number of freezes so far. Work that began under another number rests on rights that may have ended. */
  get freezes(): number {
    this.check();
    return this.#freezes;
  }

  /** Calls `listener` at the first check after each freeze. Returns the function that removes it. */
  onFreeze(listener: (frozenMs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Looks at the clocks. Call it at least every limits.sweepIntervalMs, and before something is sent: after a freeze,
   * timers and packets run in any order.
   */
  check(): void {
    const [now, time] = [performance.now(), Date.now()];
    // The monotonic clock stands still while a machine is suspended.
    const frozenMs = Math.max(now - this.#ranAt, time - this.#ranAtTime);
    [this.#ranAt, this.#ranAtTime] = [now, time];
    if (frozenMs <= limits.freezeMs) return;
    this.#freezes++;
    for (const listener of this.#listeners) listener(frozenMs);
  }

  /** Forgets the time before now, in which nothing checked. */
  start(): void {
    [this.#ranAt, this.#ranAtTime] = [performance.now(), Date.now()];
  }
}

/** Detector of this process. */
export const freezeDetector = new FreezeDetector();
