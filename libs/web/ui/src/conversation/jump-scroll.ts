import type { Signal } from '@angular/core';
import type { MessageJump } from './message-jump';
import type { RowFocus } from './row-focus';
import type { FoldRow, TimelineRow } from './rows';
import type { ScrollKeeper } from './scroll-keeper';

interface Log {
  rows: Signal<readonly TimelineRow[]>;
  list: () => HTMLElement;
  focus: RowFocus;
  jumping: MessageJump;
  /** Called when a jump has moved the view, with whether the end of the lines is visible there. */
  arrived: (isAtBottom: boolean) => void;
  unfold: (fold: FoldRow) => void;
}

export function newLineIn(list: HTMLElement): HTMLElement | null {
  return list.querySelector<HTMLElement>('ch-new-line');
}

/** Scrolls to the target of a jump once it is drawn, and moves the focus there. */
export class JumpScroll {
  /** True while the target is the first new message. */
  isToNew = false;

  constructor(private readonly log: Log) {}

  /** Runs after every change of the rows. Returns whether the scroll position is where it should be. */
  settle(keeper: ScrollKeeper): boolean {
    return this.isToNew ? this.#goToNew(keeper) : this.#goToMessage(keeper);
  }

  /** Scrolls the "new" line near the top. */
  #goToNew(keeper: ScrollKeeper): boolean {
    const line = newLineIn(this.log.list());
    this.isToNew = false;
    if (!line) return keeper.restore();
    keeper.toTop(line);
    this.log.arrived(false);
    const next = line.parentElement?.querySelector<HTMLElement>('ch-new-line ~ ch-message-row');
    const key = next?.dataset['key'];
    if (key) {
      this.log.focus.use(key);
      keeper.rowOf(key)?.focus({ preventScroll: true });
    }
    return true;
  }

  /** Scrolls the jump target to the middle. */
  #goToMessage(keeper: ScrollKeeper): boolean {
    const { goal } = this.log.jumping;
    const row = goal && keeper.rowOf(goal.key);
    if (!goal || !row) {
      const fold = goal && this.log.rows().find((row) => row.kind === 'fold' && row.keys.includes(goal.key));
      if (fold?.kind === 'fold' && !fold.isOpen) this.log.unfold(fold);
      else this.log.jumping.drop();
      return keeper.restore();
    }
    keeper.toMiddle(row);
    this.log.arrived(keeper.isAtBottom);
    this.log.focus.use(goal.key);
    row.focus({ preventScroll: true });
    this.log.jumping.reach();
    return true;
  }
}
