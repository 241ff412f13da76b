export interface TryCounterOptions {
  /** Tries within an hour that cost no wait. */
  free: number;
  /** Longest wait. The wait is 1 s after the last free try, and doubles with each further one. */
  maxWaitMs: number;
  now: () => number;
}

interface Entry {
  count: number;
  waitUntil: number;
  expiresAt: number;
}

const hourMs = 3_600_000;
/** Keys of one counter, of some 100 bytes each. To make it forget a key, a guesser needs as many tries. */
const maxKeys = 50_000;

/** Bounded counter of tries by key, and of the time that a key has to wait. */
export class TryCounter {
  /** Entries in the order of the last try. */
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly options: () => TryCounterOptions) {}

  /** Returns the milliseconds until the next try of this key is accepted; 0 if it is now. */
  waitMs(key: string): number {
    return Math.max(0, (this.#find(key)?.waitUntil ?? 0) - this.options().now());
  }

  count(key: string): number {
    return this.#find(key)?.count ?? 0;
  }

  /** Counts a try. Returns the time until which the next one has to wait, by the counter's clock. */
  add(key: string): number {
    const { free, maxWaitMs, now } = this.options();
    const count = this.count(key) + 1;
    const paid = count - free;
    const waitMs = paid < 0 ? 0 : Math.min(1_000 * 2 ** Math.min(paid, 30), maxWaitMs);
    const waitUntil = now() + waitMs;
    this.#entries.delete(key);
    this.#entries.set(key, { count, waitUntil, expiresAt: now() + hourMs });
    if (this.#entries.size > maxKeys) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest!);
    }
    return waitUntil;
  }

  /** Uncounts `tries` tries, and lifts their wait if it still ends at `waitUntil`: that of a later try stays. */
  takeBack(key: string, tries: number, waitUntil: number): void {
    const entry = this.#find(key);
    if (!entry) return;
    entry.count -= tries;
    if (entry.waitUntil === waitUntil) entry.waitUntil = 0;
    if (entry.count <= 0) this.#entries.delete(key);
  }

  #find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.expiresAt <= this.options().now()) this.#entries.delete(key);
    else return entry;
    return undefined;
  }
}
