/** Below this many pixels from the end one counts as being at the bottom. */
const bottomSlack = 56;

/**
 * Keeps a scrolled list in its place while rows come and go above, below and within:
 * at the bottom it stays at the bottom, elsewhere the first visible row ends where it ended on the screen.
 */
export class ScrollKeeper {
  /** By its lower edge: with older rows above it a row loses its name line, and what is below must not follow that up. */
  #anchor: { key: string; bottom: number } | undefined;
  isStuck = true;
  /** How it stood when it was last looked at. */
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

  /** Whether what is shown has grown, and the reader has not moved: the end is only not there yet. */
  get isOutgrown(): boolean {
    const { scrollTop, scrollHeight } = this.scroller;
    return this.isStuck && scrollHeight > this.#seen.height && scrollTop >= this.#seen.top - 1;
  }

  /** Remembers the first row that is visible. Call it when the reader has scrolled. */
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
    // A row that only this page knows (a day line) may vanish: hold on to a message.
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

  /** Puts the list back where it was after its rows have changed; false when there was not room enough for it. */
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

  /** Brings a row to the eye if it is not there already. */
  reveal(row: HTMLElement): void {
    const { scrollTop, clientHeight } = this.scroller;
    const margin = 12;
    if (row.offsetTop - margin < scrollTop) this.scroller.scrollTop = row.offsetTop - margin;
    else if (row.offsetTop + row.offsetHeight + margin > scrollTop + clientHeight)
      this.scroller.scrollTop = row.offsetTop + row.offsetHeight + margin - clientHeight;
  }

  /** Puts a row near the top of the screen, or as near as there is room for. */
  toTop(row: HTMLElement): void {
    this.isStuck = false;
    this.scroller.scrollTop = Math.max(0, row.offsetTop - 24);
    this.remember();
  }

  /** Puts a row in the middle of the screen; of one that is higher than it, the beginning. */
  toMiddle(row: HTMLElement): void {
    this.isStuck = false;
    const room = this.scroller.clientHeight - row.offsetHeight;
    this.scroller.scrollTop = Math.max(0, row.offsetTop - Math.max(24, room / 2));
    this.remember();
  }

  /** Whether a row stands above what is on the screen, on it, or below. */
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
