export interface TryCounterOptions {
  /** Tries within an hour that cost no wait. */
  free: number;
  /** The wait is 1 s after the last free try, doubles with each further one, and ends there. Milliseconds. */
  maxWaitMs: number;
  now: () => number;
}

interface Entry {
  count: number;
  waitUntil: number;
  expiresAt: number;
}

const hourMs = 3_600_000;
/** Keys that one counter remembers; some 100 bytes each. Forgetting the oldest costs a guesser as many tries. */
const maxKeys = 50_000;

/** Counts tries by key and says how long a key has to wait. Counts in this process, and is bounded. */
export class TryCounter {
  /** The key that was tried last comes last. */
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly options: () => TryCounterOptions) {}

  /** Milliseconds until the next try under this key is looked at; 0 when it may come now. */
  waitMs(key: string): number {
    return Math.max(0, (this.#find(key)?.waitUntil ?? 0) - this.options().now());
  }

  count(key: string): number {
    return this.#find(key)?.count ?? 0;
  }

  /** Counts a try, and returns until when the next one has to wait for it. */
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

  /** Lifts tries that were counted, and the wait that the latest of them caused; a later one's stays. */
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
