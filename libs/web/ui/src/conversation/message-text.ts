import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { isEmojiOnly } from './emoji-only';
import { textPieces } from './text-pieces';

/** The words of a message: text as it was typed, and links. It can never become markup. */
@Component({
  selector: 'ch-message-text',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { dir: 'auto', '[class.large]': 'isLarge()' },
  template: `@for (piece of pieces(); track $index) {
    @if (piece.href) {
      <a
        [href]="piece.href"
        target="_blank"
        rel="noopener noreferrer nofollow"
        [attr.tabindex]="isReachable() ? 0 : -1"
        >{{ piece.text }}</a
      >
    } @else {
      <span>{{ piece.text }}</span>
    }
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
    a {
      font-weight: 700;
      text-underline-offset: 3px;
    }
  `,
})
export class MessageText {
  readonly text = input.required<string>();
  /** Whether the tab key stops at the links: only in the message that has the focus. */
  readonly isReachable = input(false);
  protected readonly pieces = computed(() => textPieces(this.text()));
  protected readonly isLarge = computed(() => isEmojiOnly(this.text()));
}
