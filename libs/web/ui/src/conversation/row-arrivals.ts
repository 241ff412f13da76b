import type { TimelineRow } from './rows';

/** Maximum of animated rows; more at once are history or a burst. */
const maxAtOnce = 5;

/** Animates rows that arrive at the end while the reader is there; not history and not the first draw. */
export class RowArrivals {
  #seen = new Set<string>();

  /** Runs after every change of the rows. `rowOf` is given only while the reader is at the end. */
  settle(rows: readonly TimelineRow[], rowOf: ((key: string) => HTMLElement | undefined) | undefined): void {
    const seen = this.#seen;
    this.#seen = new Set(rows.map(({ key }) => key));
    if (seen.size === 0 || !rowOf) return;
    for (let index = rows.length - 1; index >= 0 && !seen.has(rows[index]!.key); index--) {
      if (rows.length - index > maxAtOnce) return;
      rowOf(rows[index]!.key)?.classList.add('arrives');
    }
  }
}
