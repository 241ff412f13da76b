import { DomainError } from '../domain-error';

interface Line {
  running: number;
  waiting: (() => void)[];
}

interface ConcurrencyLimits {
  /** Permits of one key at once. */
  maxRunning: () => number;
  /** Callers of one key that may wait for a permit. */
  maxWaiting: () => number;
}

/** By then a full queue has moved on. */
export const fullQueueRetryMs = 1_000;

/** Semaphore by key, with a bounded queue in the order of arrival. */
export class ConcurrencyLimiter {
  readonly #lines = new Map<string, Line>();

  constructor(private readonly limits: ConcurrencyLimits) {}

  /** Keys that have a permit. */
  get size(): number {
    return this.#lines.size;
  }

  /**
   * Resolves when the key has a permit for the caller, who must `release` it. Rejects with rate_limited if the queue is
   * full.
   */
  async acquire(key: string): Promise<void> {
    if (this.tryAcquire(key)) return;
    const { waiting } = this.#lines.get(key)!;
    if (waiting.length >= this.limits.maxWaiting())
      throw new DomainError('rate_limited', { retryAfterMs: fullQueueRetryMs });
    // `release` hands the permit over: `running` stays.
    return new Promise((resolve) => waiting.push(resolve));
  }

  /** Takes a permit if one is free. Returns false otherwise. */
  tryAcquire(key: string): boolean {
    const line = this.#lines.get(key);
    if (line === undefined) this.#lines.set(key, { running: 1, waiting: [] });
    else if (line.running >= this.limits.maxRunning()) return false;
    else line.running++;
    return true;
  }

  release(key: string): void {
    const line = this.#lines.get(key)!;
    const next = line.waiting.shift();
    if (next) return next();
    line.running--;
    if (line.running === 0) this.#lines.delete(key);
  }
}
