const bucketsPerMs = 50;
const longestMs = 20_000;

/** A histogram of times in steps of 20 µs: adding costs no memory. */
export class Latencies {
  readonly #buckets = new Uint32Array(longestMs * bucketsPerMs);
  #count = 0;

  add(ms: number): void {
    const bucket = Math.min(Math.max(Math.floor(ms * bucketsPerMs), 0), this.#buckets.length - 1);
    this.#buckets[bucket]!++;
    this.#count++;
  }

  clear(): void {
    this.#buckets.fill(0);
    this.#count = 0;
  }

  /** Milliseconds below which this share of the times was; NaN when there are none. */
  percentile(share: number): number {
    let left = this.#count * share;
    if (left === 0) return NaN;
    for (const [bucket, count] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0) return (bucket + 1) / bucketsPerMs;
    }
    return longestMs;
  }
}
