interface Spent {
  units: number;
  at: number;
}

/**
 * Budgets of work by key, as token buckets: a minute's worth at once, refilled evenly. Work is known only once it is
 * done, so a key can go into debt and then has to wait.
 */
export class WorkBudgets {
  /** In the order of the latest charge. */
  readonly #spent = new Map<string, Spent>();

  constructor(private readonly perMinute: () => number) {}

  /** Keys whose budget is not full, and some that have become full since. */
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
    // Each charge forgets up to two whose budget is full again: they go sooner than new ones come.
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
