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
import { watchLongPress } from './long-press';
import { MessageJump, type Jump } from './message-jump';
import { MessageRowView } from './message-row';
import { NewJump, placeOutside } from './new-jump';
import { RowFocus, logStepOf } from './row-focus';
import { ComingLine, DayLine, FoldLine, GroupLine, NewLine } from './row-parts';
import { buildRows, type FoldRow, type Line, type MessageRow, type RowContext, type TimelineRow } from './rows';
import { ScrollKeeper } from './scroll-keeper';

/** A wish for a message's menu or for the emoji picker on it. */
export interface RowRequest {
  row: MessageRow;
  point: { x: number; y: number };
  anchor: DOMRect;
}

/** A wish to see who somebody is. */
export interface AuthorRequest {
  userId: string;
  anchor: DOMRect;
}

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
  readonly menuAsked = output<RowRequest>();
  readonly pickerAsked = output<RowRequest>();
  readonly receiptAsked = output<RowRequest>();
  readonly reacted = output<{ row: MessageRow; emoji: string; on: boolean }>();
  readonly retried = output<MessageRow>();
  readonly discarded = output<MessageRow>();
  /** Escape in the log: the focus belongs to the composer again. */
  readonly left = output();

  protected readonly t = injectTranslate();
  readonly #destroyed = inject(DestroyRef);
  readonly #window = signal<LineWindow>({});
  readonly #isAtBottom = signal(true);
  /** Whether the newest message is before the reader's eyes. */
  readonly isAtBottom = this.#isAtBottom.asReadonly();
  #drawn: TimelineRow[] = [];
  #seen = new Set<string>();
  #keeper: ScrollKeeper | undefined;
  #isGoingToNew = false;
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
    isLoadingBefore: this.isLoadingBefore,
    count: this.newCount,
    isWatched: this.isWatched,
    needBefore: () => this.beforeNeeded.emit(),
    arrive: (seq) => {
      this.#isGoingToNew = true;
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
  protected readonly isJumpShown = computed(() => this.hasAfter() || !this.#isAtBottom());
  protected readonly focus = new RowFocus({ rows: this.rows, keeper: () => this.#keeper });

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
    this.newJump.stop();
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

  protected ask(output: 'menu' | 'picker' | 'receipt', row: MessageRow, event: Event): void {
    const anchor = (
      event.currentTarget instanceof HTMLElement ? event.currentTarget : (event.target as HTMLElement)
    ).getBoundingClientRect();
    const request = { row, anchor, point: { x: anchor.left, y: anchor.bottom + 4 } };
    const asked = { menu: this.menuAsked, picker: this.pickerAsked, receipt: this.receiptAsked };
    asked[output].emit(request);
  }

  protected askAuthor(userId: string, event: Event): void {
    this.authorAsked.emit({ userId, anchor: (event.currentTarget as HTMLElement).getBoundingClientRect() });
  }

  /** The name above a group can be pressed as well; by keyboard the picture beside the message does the same. */
  protected click(event: Event): void {
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

  protected pressKey(event: KeyboardEvent): void {
    const row = this.focus.rowAt(event.target);
    if (event.key === 'Escape') {
      this.left.emit();
      return;
    }
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
    const element = this.#keeper?.rowOf(row.key);
    const anchor = (element?.querySelector('.bubble') ?? element)?.getBoundingClientRect();
    if (!anchor) return;
    this.menuAsked.emit({
      row,
      anchor,
      point: at ?? { x: anchor.left + 16, y: Math.min(anchor.bottom, innerHeight - 80) },
    });
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
      if (row) this.#askMenu(row, { x: event.clientX, y: event.clientY });
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
    const isInPlace = this.#isGoingToNew ? this.#goToNew(keeper) : this.#goToMessage(keeper);
    this.#animateArrivals(rows);
    this.#seeNew();
    // Too little above to put it back yet: the next rows will do it, so the place is kept in mind.
    if (isInPlace) keeper.remember();
    queueMicrotask(() => this.#fillEdges());
  }

  /** Once the first new message is drawn: it stands near the top, and the keyboard goes on from there. */
  #goToNew(keeper: ScrollKeeper): boolean {
    const line = this.#newLine();
    this.#isGoingToNew = false;
    if (!line) return keeper.restore();
    keeper.toTop(line);
    this.#isAtBottom.set(false);
    const key = (line.parentElement?.querySelector('ch-new-line ~ ch-message-row') as HTMLElement | null)?.dataset[
      'key'
    ];
    if (key) {
      this.focus.use(key);
      keeper.rowOf(key)?.focus({ preventScroll: true });
    }
    return true;
  }

  /** Once what is jumped to is drawn: it stands in the middle, and the keyboard goes on from there. */
  #goToMessage(keeper: ScrollKeeper): boolean {
    const { goal } = this.jumping;
    const row = goal && keeper.rowOf(goal.key);
    if (!goal || !row) {
      const fold = goal && this.rows().find((row) => row.kind === 'fold' && row.keys.includes(goal.key));
      if (fold?.kind === 'fold' && !fold.isOpen) this.foldToggled.emit(fold);
      else this.jumping.drop();
      return keeper.restore();
    }
    keeper.toMiddle(row);
    this.#isAtBottom.set(keeper.isAtBottom && !this.hasAfter());
    this.focus.use(goal.key);
    row.focus({ preventScroll: true });
    this.jumping.reach();
    return true;
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

  #newLine(): HTMLElement | null {
    return this.list().nativeElement.querySelector<HTMLElement>('ch-new-line');
  }

  #seeNew(): void {
    const line = this.#newLine();
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

  /** Lines that arrive at the end while one looks rise a little; history and first draws don't. */
  #animateArrivals(rows: readonly TimelineRow[]): void {
    const seen = this.#seen;
    this.#seen = new Set(rows.map(({ key }) => key));
    if (seen.size === 0 || !this.#keeper?.isStuck) return;
    for (let index = rows.length - 1; index >= 0 && !seen.has(rows[index]!.key); index--) {
      if (rows.length - index > 5) return;
      this.#keeper.rowOf(rows[index]!.key)?.classList.add('arrives');
    }
  }
}

/** Two frames later: the rows that a signal just asked for have been drawn by then. */
function afterNextRenderOf(done: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(done));
}
