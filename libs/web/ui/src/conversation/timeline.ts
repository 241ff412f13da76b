import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  afterNextRender,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import { ignoreRelease } from './ignore-release';
import { around, follow, growDown, growUp, hold, rangeOf, windowSizes, type LineWindow } from './line-window';
import { JumpScroll, newLineIn } from './jump-scroll';
import { watchLongPress } from './long-press';
import { MessageJump, type Jump } from './message-jump';
import type { MessageCommand } from './message-menu';
import type { MentionOf } from './message-text';
import { MessageRowView } from './message-row';
import type { ReactorsOf } from './reaction-chips';
import { NewJump, placeOutside } from './new-jump';
import { RowFocus, logStepOf } from './row-focus';
import { PresenceNoticeLine, DayLine, FoldLine, GroupLine, NewLine } from './row-parts';
import { buildRows, type FoldRow, type Line, type MessageRow, type RowContext, type TimelineRow } from './rows';
import { RowArrivals } from './row-arrivals';
import { ScrollKeeper } from './scroll-keeper';
import { watchSwipe } from './swipe';

/** Request to open something at a message. `names`: the users who reacted. */
export interface RowRequest {
  what: 'menu' | 'picker' | 'receipt' | 'names';
  row: MessageRow;
  point: { x: number; y: number };
  anchor: DOMRect;
}

/** Request to show a user's card. */
export interface AuthorRequest {
  userId: string;
  anchor: DOMRect;
}

/** Command without the menu: by a key, a swipe, or a button of the message. */
export interface CommandRequest {
  command: MessageCommand;
  row: MessageRow;
  anchor: DOMRect;
}

/** Distance in pixels from an edge of the drawn rows at which more are added. */
const edgePixels = 900;

/** Log of a conversation: a bounded number of rows, a stable scroll position, operable by keyboard. */
@Component({
  selector: 'ch-timeline',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [PresenceNoticeLine, DayLine, FoldLine, GroupLine, Icon, MessageRowView, NewLine],
  templateUrl: './timeline.html',
  styleUrl: './timeline.css',
})
export class Timeline {
  readonly label = input.required<string>();
  readonly lines = input.required<readonly Line[]>();
  readonly context = input.required<RowContext>();
  readonly isLoadingBefore = input(false);
  /** The lines end before the newest message. */
  readonly hasAfter = input(false);
  readonly isLoadingAfter = input(false);
  /** Jump request. */
  readonly jump = input<Jump>();
  /** Returns the words for a line that is sent automatically later. */
  readonly waitWordsOf = input<(until: number) => string>(() => '');
  /** Resolves the names in a text. */
  readonly names = input<MentionOf>();
  readonly reactorsOf = input<ReactorsOf>();
  readonly unread = input(0);
  /** Number of new messages when the conversation was opened; 0 offers no button to them. */
  readonly newCount = input(0);
  /** True while the log is being looked at. */
  readonly isWatched = input(true);
  readonly menuKey = input<string>();
  readonly problemOf = input.required<(error: ErrorBody | undefined) => string>();
  readonly beforeNeeded = output();
  readonly afterNeeded = output();
  readonly latestNeeded = output();
  /** Emits when the target of a jump no longer exists. */
  readonly jumpMissed = output();
  readonly authorAsked = output<AuthorRequest>();
  readonly foldToggled = output<FoldRow>();
  readonly asked = output<RowRequest>();
  readonly commanded = output<CommandRequest>();
  /** Emits the seq of a quoted message that was pressed. */
  readonly quoteAsked = output<number>();
  /** Emits a seq when the first new message is not among the lines. */
  readonly newNeeded = output<number>();
  readonly dayAsked = output<DOMRect>();
  /** Emits the path of a link into this page that was followed. */
  readonly pathFollowed = output<string>();
  readonly copyAsked = output<string>();
  readonly reacted = output<{ row: MessageRow; emoji: string; on: boolean }>();
  readonly retried = output<MessageRow>();
  readonly discarded = output<MessageRow>();
  readonly undoWanted = output();
  /** Emits on Escape in the log: the focus returns to the composer. */
  readonly left = output();

  protected readonly t = injectTranslate();
  readonly #destroyed = inject(DestroyRef);
  readonly #window = signal<LineWindow>({});
  readonly #isAtBottom = signal(true);
  /** True while the newest message is visible. */
  readonly isAtBottom = this.#isAtBottom.asReadonly();
  #drawn: TimelineRow[] = [];
  readonly #arrivals = new RowArrivals();
  #keeper: ScrollKeeper | undefined;
  #isGoingToLatest = false;
  #hadAfter = false;

  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  readonly #range = computed(() => rangeOf(this.lines(), this.#window()));
  protected readonly rows = computed(
    () => (this.#drawn = buildRows(this.lines(), this.#range(), this.context(), this.#drawn)),
  );
  protected readonly newJump = new NewJump({
    lines: this.lines,
    context: this.context,
    count: this.newCount,
    isWatched: this.isWatched,
    need: (seq) => this.newNeeded.emit(seq),
    arrive: (seq) => {
      this.#travel.isToNew = true;
      this.#window.set(around(this.lines(), seq));
    },
  });
  protected readonly jumping = new MessageJump({
    jump: this.jump,
    lines: this.lines,
    hasBefore: computed(() => this.context().hasBefore === true),
    hasAfter: this.hasAfter,
    arrive: (seq) => {
      this.#isGoingToLatest = false;
      this.#window.set(around(this.lines(), seq));
    },
    miss: () => this.jumpMissed.emit(),
  });
  /** Key of the day at which Tab stops: the newest. */
  protected readonly reachableDay = computed(() => this.rows().findLast(({ kind }) => kind === 'day')?.key);
  protected readonly isJumpShown = computed(() => this.hasAfter() || !this.#isAtBottom());
  protected readonly focus = new RowFocus({ rows: this.rows, keeper: () => this.#keeper });
  readonly #travel = new JumpScroll({
    rows: this.rows,
    list: () => this.list().nativeElement,
    focus: this.focus,
    jumping: this.jumping,
    // With newer messages beyond the lines, their end is not the bottom.
    arrived: (isAtBottom) => this.#isAtBottom.set(isAtBottom && !this.hasAfter()),
    unfold: (fold) => this.foldToggled.emit(fold),
  });

  constructor() {
    afterNextRender(() => this.#begin());
    afterRenderEffect(() => {
      const rows = this.rows();
      this.isLoadingBefore();
      this.isLoadingAfter();
      untracked(() => this.#settle(rows));
    });
    effect(() => {
      const hasAfter = this.hasAfter();
      untracked(() => this.#meetEnd(hasAfter));
    });
    // Keeps the position of a reader further up: lines that arrive below are not drawn once they would push out the
    // top.
    effect(() => {
      const { start, end } = this.#range();
      const window = this.#window();
      if (!this.#keeper || this.#keeper.isStuck || window.endSeq !== undefined || end - start < windowSizes.max / 2)
        return;
      const held = untracked(() => hold(this.lines(), window));
      if (held.endSeq !== undefined) this.#window.set(held);
    });
  }

  /** Scrolls to the newest message and follows it. */
  jumpToLatest(): void {
    this.jumping.drop();
    if (this.hasAfter()) {
      this.#isGoingToLatest = true;
      this.latestNeeded.emit();
      return;
    }
    const isNear = this.#window().endSeq === undefined && (this.#keeper?.distanceBelow ?? 0) < 2_500;
    this.#window.set({});
    this.#isAtBottom.set(true);
    if (this.#keeper) this.#keeper.isStuck = true;
    afterNextRenderOf(() => this.#keeper?.toBottom(isNear));
  }

  /** Focuses a message, else the active one. */
  focusMessage(key?: string): void {
    this.focus.take(key);
  }

  /** Returns the message that gets the focus when `key` is about to be removed. */
  neighbourOf(key: string): string | undefined {
    return this.focus.neighbourOf(key);
  }

  protected ask(what: RowRequest['what'], row: MessageRow, event: Event): void {
    const anchor = anchorOf(event);
    this.asked.emit({ what, row, anchor, point: { x: anchor.left, y: anchor.bottom + 4 } });
  }

  protected command(command: MessageCommand, row: MessageRow): void {
    const anchor = this.#bubbleOf(row)?.getBoundingClientRect();
    if (anchor) this.commanded.emit({ command, row, anchor });
  }

  protected askDay(event: Event): void {
    this.dayAsked.emit(anchorOf(event));
  }

  protected askAuthor(userId: string, event: Event): void {
    this.authorAsked.emit({ userId, anchor: anchorOf(event) });
  }

  /** Handles clicks on mentions, and follows links into this page inside it. */
  protected click(event: MouseEvent): void {
    const path = pathOf(event);
    if (path !== undefined) {
      event.preventDefault();
      this.pathFollowed.emit(path);
      return;
    }
    const name = (event.target as Element).closest<HTMLElement>('[data-author]');
    const userId = name?.dataset['author'];
    if (name && userId) this.authorAsked.emit({ userId, anchor: name.getBoundingClientRect() });
  }

  protected contextMenu(event: MouseEvent): void {
    const row = this.focus.rowAt(event.target);
    const target = event.target as Element;
    // For links and selected text the browser's own menu does more.
    if (!row || target.closest('a') || getSelection()?.toString()) return;
    event.preventDefault();
    if (event.button === 2 || event.ctrlKey) ignoreRelease();
    const isByKey = event.button !== 2 && event.clientX === 0;
    this.#askMenu(row, isByKey ? undefined : { x: event.clientX, y: event.clientY });
  }

  /**
   * Handles keys that move through the messages and open a menu. No key changes a message, because typing keys belong
   * to the composer.
   */
  protected pressKey(event: KeyboardEvent): void {
    const row = this.focus.rowAt(event.target);
    if (event.key === 'Escape') {
      this.left.emit();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') this.undoWanted.emit();
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const isOnRow = (event.target as Element).tagName === 'CH-MESSAGE-ROW';
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey) || (event.key === 'Enter' && isOnRow)) {
      event.preventDefault();
      this.#askMenu(row);
      return;
    }
    const step = logStepOf(event.key);
    if (step === undefined) return;
    event.preventDefault();
    this.focus.move(row, step);
  }

  protected focusIn(event: FocusEvent): void {
    const row = this.focus.rowAt(event.target);
    if (row) this.focus.use(row.key);
  }

  /** Resets the active message, so that Tab comes back to the newest. */
  protected focusOut(event: FocusEvent): void {
    const next = event.relatedTarget;
    if (!(next instanceof Node && this.list().nativeElement.contains(next))) this.focus.use(undefined);
  }

  #askMenu(row: MessageRow, at?: { x: number; y: number }): void {
    const anchor = this.#bubbleOf(row)?.getBoundingClientRect();
    if (!anchor) return;
    this.asked.emit({
      what: 'menu',
      row,
      anchor,
      point: at ?? { x: anchor.left + 16, y: Math.min(anchor.bottom, innerHeight - 80) },
    });
  }

  #bubbleOf(row: MessageRow): Element | undefined {
    const element = this.#keeper?.rowOf(row.key);
    return element?.querySelector('.bubble') ?? element;
  }

  #begin(): void {
    const scroller = this.scroller().nativeElement;
    const list = this.list().nativeElement;
    const keeper = (this.#keeper = new ScrollKeeper(scroller, list));
    keeper.isStuck = !this.hasAfter();
    const ended = new AbortController();
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true, signal: ended.signal });
    watchLongPress(scroller, ended.signal, (event) => {
      const row = this.focus.rowAt(event.target);
      const chip = event.target instanceof Element && event.target.closest('ch-reaction-chips [aria-pressed]');
      if (row && chip)
        this.asked.emit({ what: 'names', row, anchor: chip.getBoundingClientRect(), point: { x: 0, y: 0 } });
      else if (row) this.#askMenu(row, { x: event.clientX, y: event.clientY });
    });
    watchSwipe(scroller, ended.signal, {
      movableAt: (target) => this.#keeper?.rowOf(this.focus.rowAt(target)?.key ?? ''),
      swiped: (element) => {
        const row = this.focus.rowAt(element);
        if (row) this.command('reply', row);
      },
    });
    const resized = new ResizeObserver(() => keeper.restore());
    resized.observe(scroller);
    resized.observe(list);
    this.#destroyed.onDestroy(() => {
      // Callbacks still pending must not touch a destroyed page.
      this.#keeper = undefined;
      ended.abort();
      resized.disconnect();
    });
    this.#settle(this.rows());
  }

  #scrolled(): void {
    const keeper = this.#keeper;
    if (!keeper) return;
    if (keeper.isOutgrown && !this.hasAfter()) keeper.restore();
    keeper.isStuck = keeper.isAtBottom && !this.hasAfter() && this.#range().end >= this.lines().length;
    if (keeper.isStuck && this.#window().endSeq !== undefined) this.#window.set(follow(this.lines(), this.#window()));
    this.#isAtBottom.set(keeper.isStuck);
    keeper.remember();
    this.#seeNew();
    this.#fillEdges();
  }

  /** Runs after every change of the rows: restores the position, then loads more if needed. */
  #settle(rows: readonly TimelineRow[]): void {
    const keeper = this.#keeper;
    if (!keeper) return;
    const isInPlace = this.#travel.settle(keeper);
    this.#arrivals.settle(rows, keeper.isStuck ? (key) => keeper.rowOf(key) : undefined);
    this.#seeNew();
    // Too little content above to restore the position yet: keeps it for the next rows.
    if (isInPlace) keeper.remember();
    queueMicrotask(() => this.#fillEdges());
  }

  /** Updates the state at the end of the lines when `hasAfter` has changed. */
  #meetEnd(hasAfter: boolean): void {
    const hadAfter = this.#hadAfter;
    this.#hadAfter = hasAfter;
    if (hasAfter) {
      if (this.#keeper) this.#keeper.isStuck = false;
      this.#isAtBottom.set(false);
    } else if (this.#isGoingToLatest) {
      this.#isGoingToLatest = false;
      this.jumpToLatest();
    } else if (hadAfter) afterNextRenderOf(() => this.#scrolled());
  }

  #seeNew(): void {
    const line = newLineIn(this.list().nativeElement);
    const place = line && this.#keeper?.placeOf(line);
    this.newJump.see(place ?? placeOutside(this.lines(), this.#range().end, this.context()));
  }

  #fillEdges(): void {
    const keeper = this.#keeper;
    if (!keeper) return;
    const { start, end } = this.#range();
    // One page at a time: otherwise a page in flight would be requested again and again.
    const isLoading = this.isLoadingBefore() || this.isLoadingAfter();
    if (keeper.distanceAbove < edgePixels) {
      if (start > 0 && !keeper.isStuck) this.#window.set(growUp(this.lines(), this.#window()));
      else if (start === 0 && this.context().hasBefore && !isLoading) this.beforeNeeded.emit();
    }
    if (keeper.distanceBelow < edgePixels) {
      if (end < this.lines().length) this.#window.set(growDown(this.lines(), this.#window()));
      else if (this.hasAfter() && !isLoading) this.afterNeeded.emit();
    }
  }
}

/** Calls `done` two frames later, when the rows that a signal requested have been drawn. */
function afterNextRenderOf(done: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(done));
}

/** Paths of the page; all others belong to the server. */
const screens = /^\/(?:lobby|rooms|r|chats|c|friends|u|settings)(?:\/|$)/;

/**
 * Returns the path of a link into this page that a plain click follows; undefined for all other clicks, which are the
 * browser's.
 */
function pathOf({ target, button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): string | undefined {
  const link = target instanceof Element ? target.closest('a') : null;
  const isPlain = button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);
  if (!link || !isPlain || link.origin !== location.origin || !screens.test(link.pathname)) return undefined;
  // With the fragment: it holds the secret of an invitation.
  return link.pathname + link.search + link.hash;
}

/** Returns the rectangle of the control that was used, or of the element pressed inside it. */
function anchorOf({ currentTarget, target }: Event): DOMRect {
  return (currentTarget instanceof HTMLElement ? currentTarget : (target as HTMLElement)).getBoundingClientRect();
}
