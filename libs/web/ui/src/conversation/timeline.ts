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
import { LogTravel, newLineIn } from './log-travel';
import { watchLongPress } from './long-press';
import { MessageJump, type Jump } from './message-jump';
import type { MessageCommand } from './message-menu';
import type { MentionOf } from './message-text';
import { MessageRowView } from './message-row';
import type { ReactorsOf } from './reaction-chips';
import { NewJump, placeOutside } from './new-jump';
import { RowFocus, logStepOf } from './row-focus';
import { ComingLine, DayLine, FoldLine, GroupLine, NewLine } from './row-parts';
import { buildRows, type FoldRow, type Line, type MessageRow, type RowContext, type TimelineRow } from './rows';
import { RowArrivals } from './row-arrivals';
import { ScrollKeeper } from './scroll-keeper';
import { watchSwipe } from './swipe';
import { anchorOf, pathOf, type AuthorRequest, type CommandRequest, type RowRequest } from './timeline-requests';

/** Rows are added when the reader comes this close to an edge of what is drawn. */
const edgePixels = 900;

/** A conversation's log: bounded rows, held in place, reachable by keyboard. */
@Component({
  selector: 'ch-timeline',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ComingLine, DayLine, FoldLine, GroupLine, Icon, MessageRowView, NewLine],
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
  /** The message that is to be shown. */
  readonly jump = input<Jump>();
  /** The words for a line that leaves by itself later. */
  readonly waitWordsOf = input<(until: number) => string>(() => '');
  /** Whom a name in a text means. */
  readonly names = input<MentionOf>();
  readonly reactorsOf = input<ReactorsOf>();
  readonly unread = input(0);
  /** How much of what is new there was when somebody came; 0 offers no way to it. */
  readonly newCount = input(0);
  /** Whether anybody looks. */
  readonly isWatched = input(true);
  readonly menuKey = input<string>();
  readonly problemOf = input.required<(error: ErrorBody | undefined) => string>();
  readonly beforeNeeded = output();
  readonly afterNeeded = output();
  readonly latestNeeded = output();
  /** What was to be shown is not there any more. */
  readonly jumpMissed = output();
  readonly authorAsked = output<AuthorRequest>();
  readonly foldToggled = output<FoldRow>();
  readonly asked = output<RowRequest>();
  readonly commanded = output<CommandRequest>();
  /** A message that another answers is wanted, by its seq. */
  readonly quoteAsked = output<number>();
  /** The first new message is not among the lines. */
  readonly newNeeded = output<number>();
  readonly dayAsked = output<DOMRect>();
  /** A link into this page was followed, by its path. */
  readonly pathFollowed = output<string>();
  readonly copyAsked = output<string>();
  readonly reacted = output<{ row: MessageRow; emoji: string; on: boolean }>();
  readonly retried = output<MessageRow>();
  readonly discarded = output<MessageRow>();
  readonly undoWanted = output();
  /** Escape in the log: the focus belongs to the composer again. */
  readonly left = output();

  protected readonly t = injectTranslate();
  readonly #destroyed = inject(DestroyRef);
  readonly #window = signal<LineWindow>({});
  readonly #isAtBottom = signal(true);
  /** Whether the newest message is before the reader's eyes. */
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
  /** The day that the tab key stops at: the newest. */
  protected readonly reachableDay = computed(() => this.rows().findLast(({ kind }) => kind === 'day')?.key);
  protected readonly isJumpShown = computed(() => this.hasAfter() || !this.#isAtBottom());
  protected readonly focus = new RowFocus({ rows: this.rows, keeper: () => this.#keeper });
  readonly #travel = new LogTravel({
    rows: this.rows,
    list: () => this.list().nativeElement,
    focus: this.focus,
    jumping: this.jumping,
    // What stands below the end of the lines is not the newest.
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
    // Whoever reads further up keeps reading there: what arrives below is not drawn once it would push the top out.
    effect(() => {
      const { start, end } = this.#range();
      const window = this.#window();
      if (!this.#keeper || this.#keeper.isStuck || window.endSeq !== undefined || end - start < windowSizes.max / 2)
        return;
      const held = untracked(() => hold(this.lines(), window));
      if (held.endSeq !== undefined) this.#window.set(held);
    });
  }

  /** Goes to the newest message and stays with it. */
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

  /** Puts the focus on a message, else on the one in use. */
  focusMessage(key?: string): void {
    this.focus.take(key);
  }

  /** The message after which the focus goes when `key` is about to vanish. */
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

  /** Names in the log can be pressed, and links into this page stay on it. */
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
    // Links and selected words have a menu of the browser's that does more.
    if (!row || target.closest('a') || getSelection()?.toString()) return;
    event.preventDefault();
    if (event.button === 2 || event.ctrlKey) ignoreRelease();
    const isByKey = event.button !== 2 && event.clientX === 0;
    this.#askMenu(row, isByKey ? undefined : { x: event.clientX, y: event.clientY });
  }

  /** Keys move through the messages and open the menu of one; no key changes a message, because keys that write belong to the composer. */
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

  /** Who comes back to the log by Tab comes to the newest message. */
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
      // What was still to be done after a change must not ask a page that is gone.
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

  /** After every change of the rows: back in place, then see whether more is wanted. */
  #settle(rows: readonly TimelineRow[]): void {
    const keeper = this.#keeper;
    if (!keeper) return;
    const isInPlace = this.#travel.settle(keeper);
    this.#arrivals.settle(rows, keeper.isStuck ? (key) => keeper.rowOf(key) : undefined);
    this.#seeNew();
    // Too little above to put it back yet: the next rows will do it, so the place is kept in mind.
    if (isInPlace) keeper.remember();
    queueMicrotask(() => this.#fillEdges());
  }

  /** Whether the lines reach to the newest message has changed. */
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
    // One page at a time: what is asked for while another is on its way would be asked for again and again.
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

/** Two frames later: the rows that a signal just asked for have been drawn by then. */
function afterNextRenderOf(done: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(done));
}
