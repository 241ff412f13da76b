import { DomainError } from '../domain-error';

interface Line {
  running: number;
  waiting: (() => void)[];
}

interface TurnsOptions {
  /** Turns of one key at once. */
  atOnce: () => number;
  /** Callers of one key that may wait for a turn. */
  waiting: () => number;
}

/** Whoever finds the queue full comes back when it has moved on. */
const retryAfterMs = 1_000;

/** Turns by key: so many at once, and a bounded queue in the order of arrival. */
export class Turns {
  readonly #lines = new Map<string, Line>();

  constructor(private readonly options: TurnsOptions) {}

  /** Keys that have a turn or wait for one. */
  get size(): number {
    return this.#lines.size;
  }

  /** Resolves when it is the caller's turn, which `end` ends. Rejects with rate_limited when too many wait. */
  async take(key: string): Promise<void> {
    const line = this.#lines.get(key) ?? { running: 0, waiting: [] };
    if (line.running >= this.options.atOnce()) {
      if (line.waiting.length >= this.options.waiting()) throw new DomainError('rate_limited', { retryAfterMs });
      // Whoever ends a turn hands it over: `running` stays.
      return new Promise((resolve) => line.waiting.push(resolve));
    }
    line.running++;
    this.#lines.set(key, line);
  }

  end(key: string): void {
    const line = this.#lines.get(key)!;
    const next = line.waiting.shift();
    if (next) return next();
    line.running--;
    if (line.running === 0) this.#lines.delete(key);
  }
}
