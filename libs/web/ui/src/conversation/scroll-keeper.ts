/** Distance from the end in pixels within which the view counts as at the bottom. */
const bottomSlack = 56;

/**
 * Keeps the scroll position while rows are added and removed above, below and within: at the bottom it stays at the
 * bottom, elsewhere the lower edge of the first visible row stays in place.
 */
export class ScrollKeeper {
  /** The lower edge: when older rows come above it, a row loses its name line, and the rows below must not move. */
  #anchor: { key: string; bottom: number } | undefined;
  isStuck = true;
  /** Scroll metrics at the last check. */
  #seen = { top: 0, height: 0 };

  constructor(
    private readonly scroller: HTMLElement,
    private readonly list: HTMLElement,
  ) {}

  get isAtBottom(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < bottomSlack;
  }

  get distanceAbove(): number {
    return this.scroller.scrollTop;
  }

  get distanceBelow(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** Returns whether the content has grown while the reader did not scroll: then the end has only moved away. */
  get isOutgrown(): boolean {
    const { scrollTop, scrollHeight } = this.scroller;
    return this.isStuck && scrollHeight > this.#seen.height && scrollTop >= this.#seen.top - 1;
  }

  /** Remembers the first visible row. Call it when the reader has scrolled. */
  remember(): void {
    const rows = this.list.children;
    const top = this.scroller.scrollTop;
    this.#seen = { top, height: this.scroller.scrollHeight };
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle] as HTMLElement;
      if (row.offsetTop + row.offsetHeight <= top) low = middle + 1;
      else high = middle;
    }
    // Rows that only this page knows (day lines) may vanish, so the anchor is a message.
    for (let index = low; index < rows.length; index++) {
      const row = rows[index] as HTMLElement;
      const key = row.dataset['key'];
      if (key && row.tagName === 'CH-MESSAGE-ROW') {
        this.#anchor = { key, bottom: row.offsetTop + row.offsetHeight - top };
        return;
      }
    }
    this.#anchor = undefined;
  }

  /** Restores the position after the rows have changed. Returns false if there was not enough content to scroll. */
  restore(): boolean {
    if (this.isStuck) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      this.#seen = { top: this.scroller.scrollTop, height: this.scroller.scrollHeight };
      return true;
    }
    const anchor = this.#anchor;
    const row = anchor && this.rowOf(anchor.key);
    if (!anchor || !row) return true;
    const top = row.offsetTop + row.offsetHeight - anchor.bottom;
    if (Math.abs(top - this.scroller.scrollTop) > 0.5) this.scroller.scrollTop = top;
    return Math.abs(top - this.scroller.scrollTop) <= 1;
  }

  rowOf(key: string): HTMLElement | undefined {
    for (const row of this.list.children) if ((row as HTMLElement).dataset['key'] === key) return row as HTMLElement;
    return undefined;
  }

  /** Scrolls a row into view if it is outside. */
  reveal(row: HTMLElement): void {
    const { scrollTop, clientHeight } = this.scroller;
    const margin = 12;
    if (row.offsetTop - margin < scrollTop) this.scroller.scrollTop = row.offsetTop - margin;
    else if (row.offsetTop + row.offsetHeight + margin > scrollTop + clientHeight)
      this.scroller.scrollTop = row.offsetTop + row.offsetHeight + margin - clientHeight;
  }

  /** Scrolls a row near the top of the viewport, as far as the content allows. */
  toTop(row: HTMLElement): void {
    this.isStuck = false;
    this.scroller.scrollTop = Math.max(0, row.offsetTop - 24);
    this.remember();
  }

  /** Scrolls a row to the middle of the viewport; a row higher than the viewport shows its beginning. */
  toMiddle(row: HTMLElement): void {
    this.isStuck = false;
    const room = this.scroller.clientHeight - row.offsetHeight;
    this.scroller.scrollTop = Math.max(0, row.offsetTop - Math.max(24, room / 2));
    this.remember();
  }

  /** Returns whether a row is above, inside or below the viewport. */
  placeOf(row: HTMLElement): 'above' | 'here' | 'below' {
    const { scrollTop, clientHeight } = this.scroller;
    if (row.offsetTop + row.offsetHeight <= scrollTop) return 'above';
    return row.offsetTop < scrollTop + clientHeight ? 'here' : 'below';
  }

  toBottom(isSmooth: boolean): void {
    this.isStuck = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: isSmooth ? 'smooth' : 'instant' });
  }
}
