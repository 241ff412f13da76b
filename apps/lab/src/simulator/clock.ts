interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Simulated time in whole milliseconds: what is planned happens in order of its time, and nothing takes any. */
export class Clock {
  now = 1_800_000_000_000;
  #order = 0;
  /** A binary heap by time, then by the order of planning. */
  readonly #heap: Planned[] = [];

  after(ms: number, run: () => void): void {
    const planned = { at: this.now + Math.ceil(ms), order: this.#order++, run };
    const heap = this.#heap;
    let i = heap.push(planned) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (isBefore(heap[parent]!, planned)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = planned;
  }

  /** Lets everything happen that is planned within `ms`. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (let next = this.#heap[0]; next && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      if (next.at > this.now) this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  /** Everybody sleeps for so long: what should have happened meanwhile is late. */
  skip(ms: number): void {
    this.now += ms;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
