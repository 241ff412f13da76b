import type { TimelineRow } from './rows';

/** More than this at once is history, or a crowd. */
const mostAtOnce = 5;

/** Lines that arrive at the end while one looks rise a little; history and first draws don't. */
export class RowArrivals {
  #seen = new Set<string>();

  /** After every change of the rows; `rowOf` only while the reader is at the end. */
  settle(rows: readonly TimelineRow[], rowOf: ((key: string) => HTMLElement | undefined) | undefined): void {
    const seen = this.#seen;
    this.#seen = new Set(rows.map(({ key }) => key));
    if (seen.size === 0 || !rowOf) return;
    for (let index = rows.length - 1; index >= 0 && !seen.has(rows[index]!.key); index--) {
      if (rows.length - index > mostAtOnce) return;
      rowOf(rows[index]!.key)?.classList.add('arrives');
    }
  }
}
