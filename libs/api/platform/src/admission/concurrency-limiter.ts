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
const retryAfterMs = 1_000;

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
    const line = this.#lines.get(key) ?? { running: 0, waiting: [] };
    if (line.running >= this.limits.maxRunning()) {
      if (line.waiting.length >= this.limits.maxWaiting()) throw new DomainError('rate_limited', { retryAfterMs });
      // `release` hands the permit over: `running` stays.
      return new Promise((resolve) => line.waiting.push(resolve));
    }
    line.running++;
    this.#lines.set(key, line);
  }

  release(key: string): void {
    const line = this.#lines.get(key)!;
    const next = line.waiting.shift();
    if (next) return next();
    line.running--;
    if (line.running === 0) this.#lines.delete(key);
  }
}
