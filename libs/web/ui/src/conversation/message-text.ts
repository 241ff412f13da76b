import {
  ChangeDetectionStrategy,
  Component,
  type ComponentRef,
  ViewContainerRef,
  computed,
  effect,
  input,
  output,
  viewChild,
} from '@angular/core';
import { mayHoldMarkup } from '@cloudhop/markup/may-hold-markup';
import { isEmojiOnly } from './emoji-only';
import type { MarkedText } from './marked-text';
import { loadedMarkup } from './markup-source';
import type { MentionOf } from './mention-names';

export type { MentionOf } from './mention-names';

/** Sign before a mention. */
const sign = /[@＠]/u;

/** Text of a message. Plain text is drawn at once; text with markup is plain until the renderer is loaded. */
@Component({
  selector: 'ch-message-text',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { dir: 'auto', '[class.large]': 'isLarge()', '(click)': 'press($event)' },
  template: `<ng-container #place />
    @if (!drawing()) {
      <span>{{ text() }}</span>
    }`,
  styles: `
    :host {
      overflow-wrap: anywhere;
      white-space: pre-wrap;
      unicode-bidi: isolate;
    }
    :host(.large) {
      font-size: 2.1em;
      line-height: 1.25;
    }
  `,
})
export class MessageText {
  readonly text = input.required<string>();
  /** True if Tab stops at links and buttons: only in the focused message. */
  readonly isReachable = input(false);
  /** Resolves mentions. A new function redraws the text. */
  readonly mentionOf = input<MentionOf>();
  /** Emits the text of a code block to copy. */
  readonly copyAsked = output<string>();
  private readonly place = viewChild.required('place', { read: ViewContainerRef });
  #drawn: ComponentRef<MarkedText> | undefined;
  protected readonly isLarge = computed(() => isEmojiOnly(this.text()));
  protected readonly drawing = computed(() => {
    const isPlain = !mayHoldMarkup(this.text()) && !(this.mentionOf() && sign.test(this.text()));
    return isPlain ? undefined : loadedMarkup()?.MarkedText;
  });

  constructor() {
    effect(() => {
      const drawing = this.drawing();
      if (!drawing) {
        this.place().clear();
        this.#drawn = undefined;
        return;
      }
      this.#drawn ??= this.place().createComponent(drawing);
      this.#drawn.setInput('text', this.text());
      this.#drawn.setInput('mentionOf', this.mentionOf());
      this.#drawn.setInput('isReachable', this.isReachable());
    });
  }

  protected press(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
    const code = button?.closest('.code')?.querySelector('pre');
    if (code) this.copyAsked.emit(code.textContent);
  }
}
