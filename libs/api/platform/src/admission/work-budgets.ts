interface Spent {
  units: number;
  at: number;
}

/**
 * Token buckets of work by key: each holds a minute's worth, and refills evenly. Work is charged once it is done, so a
 * key can go into debt, and then has to wait.
 */
export class WorkBudgets {
  /** In the order of the latest charge. */
  readonly #spent = new Map<string, Spent>();

  constructor(private readonly perMinute: () => number) {}

  /** Keys that are remembered: those whose bucket isn't full, and a few whose bucket has become full. */
  get size(): number {
    return this.#spent.size;
  }

  /** Returns 0, or how many ms the key has to wait. `now` is any clock in ms that never goes back. */
  waitMs(key: string, now = performance.now()): number {
    const over = this.#unitsOf(this.#spent.get(key), now) - this.perMinute();
    return over < 0 ? 0 : Math.ceil((over + 1) / this.#perMs);
  }

  charge(key: string, units: number, now = performance.now()): void {
    const spent = { units: this.#unitsOf(this.#spent.get(key), now) + units, at: now };
    this.#spent.delete(key);
    this.#spent.set(key, spent);
    // Each charge forgets up to two keys whose bucket is full again: they go faster than new ones come.
    let forgotten = 0;
    for (const [oldest, before] of this.#spent) {
      if (forgotten === 2 || this.#unitsOf(before, now) > 0) return;
      this.#spent.delete(oldest);
      forgotten++;
    }
  }

  get #perMs(): number {
    return this.perMinute() / 60_000;
  }

  #unitsOf(spent: Spent | undefined, now: number): number {
    return spent === undefined ? 0 : Math.max(0, spent.units - (now - spent.at) * this.#perMs);
  }
}
