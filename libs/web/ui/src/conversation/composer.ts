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
import { countGraphemes, limits } from '@cloudhop/contracts';
import { IconButton } from '../buttons';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import { isSendingEnter } from './composer-keys';
import { measureText } from './text-measure';

/** Where one types: grows with the text, sends by Enter and by its one clear button. */
@Component({
  selector: 'ch-composer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, IconButton],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  readonly text = model.required<string>();
  /** A message that is being changed: its words stand above the field. */
  readonly editing = input<string>();
  readonly isPickerOpen = input(false);
  /** How long slow mode still keeps one from sending. */
  readonly slow = input('');
  readonly sent = output<string>();
  /** Something was typed, or taken away; whether there is any text now. */
  readonly typed = output<boolean>();
  readonly cancelled = output();
  /** Arrow-up in an empty field. */
  readonly lastWanted = output();
  readonly undoWanted = output();
  readonly pickerWanted = output<DOMRect>();

  protected readonly t = injectTranslate();
  private readonly area = viewChild.required<ElementRef<HTMLTextAreaElement>>('area');
  readonly #compositionEndedAt = signal(-Infinity);

  protected readonly measure = computed(() => measureText(this.text(), limits, countGraphemes));
  protected readonly canSend = computed(() => this.text().trim() !== '' && !this.measure().isTooLong);

  /** A message that is being changed waits for nothing. */
  protected readonly isSlowed = computed(() => this.slow() !== '' && this.editing() === undefined);
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

  /** Whether someone is writing here now. */
  get hasFocus(): boolean {
    return document.activeElement === this.area().nativeElement;
  }

  focus(): void {
    this.area().nativeElement.focus();
  }

  /** Puts the caret behind the last character. */
  focusEnd(): void {
    const area = this.area().nativeElement;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  /** Types `text` where the caret is. */
  insert(text: string): void {
    const area = this.area().nativeElement;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    this.take();
  }

  protected take(): void {
    this.text.set(this.area().nativeElement.value);
    this.typed.emit(this.text().trim() !== '');
  }

  protected leave(): void {
    if (this.text().trim() === '') this.typed.emit(false);
  }

  protected composed(event: CompositionEvent): void {
    this.#compositionEndedAt.set(event.timeStamp);
  }

  protected pressKey(event: KeyboardEvent): void {
    if (isSendingEnter(event, this.#compositionEndedAt())) {
      event.preventDefault();
      this.submit();
    } else if (event.key === 'Escape' && !event.isComposing && this.editing() !== undefined) {
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
    }
  }

  protected submit(): void {
    if (this.canSend()) this.sent.emit(this.text().trim());
    this.focus();
  }

  protected askPicker(event: Event): void {
    this.pickerWanted.emit((event.currentTarget as HTMLElement).getBoundingClientRect());
  }
}
