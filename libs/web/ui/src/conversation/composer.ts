import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  afterRenderEffect,
  computed,
  input,
  model,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { countGraphemes, limits, usableText } from '@cloudhop/contracts';
import { IconButton } from '../buttons';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import { isSendingEnter } from './composer-keys';
import { ComposerPreview } from './composer-preview';
import { markOfKey, markSelection } from './mark-selection';
import { isFormatted, plainOf } from './markup-source';
import type { MentionOf } from './message-text';
import { closedShortcode, queryAt, type SuggestQuery } from './suggest-query';
import { Suggestions, type Suggestion } from './suggestions';
import { measureText } from './text-measure';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Field for typing messages: grows with the text, sends by Enter and by its one button. */
@Component({
  selector: 'ch-composer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ComposerPreview, Icon, IconButton, Suggestions],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  readonly text = model.required<string>();
  /** The text of the message being edited; shown above the field. */
  readonly editing = input<string>();
  /** Author and text of the message being answered. */
  readonly answering = input<{ name: string; text: string }>();
  /** Suggestions for the latest query of `queried`. */
  readonly suggestions = input<readonly Suggestion[]>([]);
  /** Resolves the names in the text. */
  readonly names = input<MentionOf>();
  readonly isPickerOpen = input(false);
  /** Remaining time of slow mode, in words; empty if sending is allowed. */
  readonly slow = input('');
  readonly sent = output<string>();
  /** Emits on every change of the text, with whether there is any text now. */
  readonly typed = output<boolean>();
  /** Emits when the edit or the reply is cancelled. */
  readonly cancelled = output();
  /** Emits the unfinished name or shortcode at the caret; undefined if there is none. */
  readonly queried = output<SuggestQuery | undefined>();
  /** Emits when a shortcode was closed by its second colon. The parent replaces it by `replaceAt`. */
  readonly shortcodeClosed = output<{ code: string; from: number }>();
  /** Emits on arrow-up in an empty field. */
  readonly lastWanted = output();
  readonly undoWanted = output();
  readonly pickerWanted = output<DOMRect>();

  protected readonly t = injectTranslate();
  protected readonly plainOf = plainOf;
  private readonly area = viewChild.required<ElementRef<HTMLTextAreaElement>>('area');
  readonly #compositionEndedAt = signal(-Infinity);
  readonly #query = signal<SuggestQuery | undefined>(undefined);
  /** The query whose suggestions were dismissed. */
  readonly #dismissed = signal<string | undefined>(undefined);

  protected readonly measure = computed(() => measureText(this.text(), limits, countGraphemes));
  protected readonly canSend = computed(() => usableText(this.text()).trim() !== '' && !this.measure().isTooLong);

  protected readonly hasMarks = computed(() => isFormatted(this.text()));
  /** Slow mode does not apply to edits. */
  protected readonly isSlowed = computed(() => this.slow() !== '' && this.editing() === undefined);
  protected readonly shownSuggestions = computed(() => (this.#query() ? this.suggestions() : []));
  /**
   * Key of the suggestion reached by the arrow keys; reset by the next query. The CDK's ActiveDescendantKeyManager would
   * keep its index instead, while other suggestions for the same query arrive before it.
   */
  readonly #marked = signal<string | undefined>(undefined);
  /** Index of the suggestion that Enter picks. */
  protected readonly active = computed(() =>
    Math.max(
      0,
      this.shownSuggestions().findIndex(({ key }) => key === this.#marked()),
    ),
  );
  protected readonly activeId = computed(() =>
    this.shownSuggestions().length > 0 ? `ch-suggestion-${this.active()}` : null,
  );
  /** Returns whether an edit or a reply, which Escape cancels, is shown above the field. */
  protected readonly isAside = computed(() => this.editing() !== undefined || this.answering() !== undefined);
  protected readonly describedBy = computed(() => {
    const ids = [
      ...(this.measure().remaining === undefined ? [] : ['composer-count']),
      ...(this.isSlowed() ? ['composer-slow'] : []),
    ];
    return ids.join(' ') || null;
  });

  constructor() {
    afterRenderEffect(() => {
      const area = this.area().nativeElement;
      const text = this.text();
      if (area.value !== text) area.value = text;
      area.style.height = 'auto';
      area.style.height = `${area.scrollHeight}px`;
    });
  }

  /** Returns whether the field has the focus. */
  get hasFocus(): boolean {
    return document.activeElement === this.area().nativeElement;
  }

  focus(): void {
    this.area().nativeElement.focus();
  }

  /** Focuses the field with the caret behind the last character. */
  focusEnd(): void {
    const area = this.area().nativeElement;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  /** Inserts `text` at the caret. */
  insert(text: string): void {
    const { selectionStart, selectionEnd } = this.area().nativeElement;
    this.replaceAt(selectionStart, selectionEnd, text);
  }

  /** Replaces a range by `text`, as one step of the browser's undo. */
  replaceAt(from: number, to: number, text: string): void {
    const area = this.area().nativeElement;
    area.focus();
    area.setSelectionRange(from, to);
    // The only insertion that the browser's undo records. Without it, keeping the text matters more than undo.
    if (!document.execCommand('insertText', false, text)) area.setRangeText(text, from, to, 'end');
    this.take();
  }

  /** Replaces `expected` by `text` if it still stands at `from`. */
  replaceIf(from: number, expected: string, text: string): void {
    const area = this.area().nativeElement;
    const to = from + expected.length;
    if (area.value.slice(from, to) !== expected) return;
    const caret = area.selectionStart;
    this.replaceAt(from, to, text);
    if (caret > to)
      area.setSelectionRange(caret + text.length - expected.length, caret + text.length - expected.length);
  }

  protected take(): void {
    const area = this.area().nativeElement;
    this.text.set(area.value);
    this.typed.emit(this.text().trim() !== '');
    this.#look();
    const closed = closedShortcode(area.value, area.selectionStart);
    if (closed) this.shortcodeClosed.emit(closed);
  }

  /** Updates the query after the caret moved without a key. */
  protected look(): void {
    if (this.#query()) this.#look();
  }

  protected pick({ insert }: Suggestion): void {
    const query = this.#query();
    if (!query) return;
    this.#setQuery(undefined);
    this.replaceAt(query.from, this.area().nativeElement.selectionStart, `${insert} `);
  }

  #look(): void {
    const { value, selectionStart, selectionEnd } = this.area().nativeElement;
    const query = selectionStart === selectionEnd ? queryAt(value, selectionStart) : undefined;
    const key = query && `${query.from} ${query.kind}`;
    if (key !== this.#dismissed()) this.#dismissed.set(undefined);
    this.#setQuery(key !== undefined && key === this.#dismissed() ? undefined : query);
  }

  #setQuery(query: SuggestQuery | undefined): void {
    const before = this.#query();
    if (before?.from === query?.from && before?.text === query?.text && before?.kind === query?.kind) return;
    this.#query.set(query);
    this.#marked.set(undefined);
    this.queried.emit(query);
  }

  protected leave(): void {
    this.#setQuery(undefined);
    if (this.text().trim() === '') this.typed.emit(false);
  }

  protected composed(event: CompositionEvent): void {
    this.#compositionEndedAt.set(event.timeStamp);
  }

  protected pressKey(event: KeyboardEvent): void {
    if (this.#pressForSuggestions(event)) event.preventDefault();
    else if (isSendingEnter(event, this.#compositionEndedAt())) {
      event.preventDefault();
      this.submit();
    } else if (event.key === 'Escape' && !event.isComposing && this.isAside()) {
      event.preventDefault();
      this.cancelled.emit();
    } else if (this.text() === '' && event.key === 'ArrowUp' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.lastWanted.emit();
    } else if (
      this.text() === '' &&
      event.key.toLowerCase() === 'z' &&
      (event.ctrlKey || event.metaKey) &&
      !event.shiftKey
    ) {
      this.undoWanted.emit();
    } else if (this.#mark(event)) event.preventDefault();
  }

  /** Handles a key for the suggestions. Returns whether it did. */
  #pressForSuggestions(event: KeyboardEvent): boolean {
    const shown = this.shownSuggestions();
    const query = this.#query();
    if (shown.length === 0 || !query || event.isComposing || event.keyCode === 229) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) this.#marked.set(shown[(this.active() + step + shown.length) % shown.length]!.key);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) this.pick(shown[this.active()]!);
    else if (event.key === 'Escape') {
      this.#dismissed.set(`${query.from} ${query.kind}`);
      this.#setQuery(undefined);
    } else return false;
    return true;
  }

  /** Handles the shortcuts that add or remove markup around the selection, such as Ctrl B. Returns whether it did. */
  #mark(event: KeyboardEvent): boolean {
    const mark = markOfKey[event.key.toLowerCase()];
    // On a Mac, Ctrl moves the caret.
    const isMod = (isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey;
    if (!mark || !isMod || event.isComposing || event.shiftKey !== (mark === '~~')) return false;
    const area = this.area().nativeElement;
    const { selectionStart: start, selectionEnd: end } = area;
    const { from, to, typed, selection } = markSelection(area.value, { start, end }, mark);
    this.replaceAt(from, to, typed);
    area.setSelectionRange(selection.start, selection.end);
    return true;
  }

  protected submit(): void {
    if (this.canSend()) this.sent.emit(usableText(this.text()).trim());
    this.focus();
  }

  protected askPicker(event: Event): void {
    this.pickerWanted.emit((event.currentTarget as HTMLElement).getBoundingClientRect());
  }
}
