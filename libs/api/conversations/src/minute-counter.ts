const seconds = 60;

/** Counts events of the last minute in a ring of buckets of one second: no timer, and no list of times. */
export class MinuteCounter {
  readonly #buckets = new Array<number>(seconds).fill(0);
  #second: number;

  /** `now` returns milliseconds that never go back. */
  constructor(private readonly now = () => performance.now()) {
    this.#second = this.#currentSecond();
  }

  add(): void {
    this.#advance();
    this.#buckets[this.#second % seconds]! += 1;
  }

  /** Number of events in this second and the 59 before it. */
  get count(): number {
    this.#advance();
    return this.#buckets.reduce((sum, count) => sum + count, 0);
  }

  /** Empties the buckets of the seconds that have passed. */
  #advance(): void {
    const second = this.#currentSecond();
    const first = Math.max(this.#second + 1, second - seconds + 1);
    for (let passed = first; passed <= second; passed++) this.#buckets[passed % seconds] = 0;
    this.#second = second;
  }

  #currentSecond(): number {
    return Math.floor(this.now() / 1_000);
  }
}
