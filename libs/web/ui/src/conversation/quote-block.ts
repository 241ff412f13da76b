import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import { plainOf } from './markup-source';
import type { MentionOf } from './mention-names';
import type { QuoteView } from './quote-view';

/** Quote in a reply: author and beginning of the answered message, and a link to it. */
@Component({
  selector: 'ch-quote-block',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @let shown = quote();
    @if (shown.kind === 'shown') {
      <button
        type="button"
        [attr.data-tone]="shown.author.color"
        [attr.tabindex]="isReachable() ? 0 : -1"
        (click)="asked.emit(shown.seq)"
      >
        <span class="visually-hidden">{{ t('reply.to') }}</span>
        <span class="who">
          <bdi>{{ shown.isMine ? t('message.you') : shown.author.name }}</bdi>
          @if (!shown.isMine && shown.author.tag) {
            <span>#{{ shown.author.tag }}</span>
          } @else if (!shown.isMine && shown.author.handle) {
            <span>{{ shown.author.handle }}</span>
          }
        </span>
        <span class="text" dir="auto">{{ shown.isDeleted ? t('message.deleted') : plainOf(shown.text, names()) }}</span>
      </button>
    } @else {
      <p><ch-icon name="reply" />{{ t(shown.kind === 'gone' ? 'reply.gone' : 'reply.hidden') }}</p>
    }
  `,
  styles: `
    :host {
      display: block;
      margin: 2px 0 5px;
    }
    button,
    p {
      --icon: 16px;
      display: block;
      width: 100%;
      max-width: 100%;
      padding: 5px 10px 6px;
      border-radius: 10px;
      background: color-mix(in srgb, var(--brand) 9%, transparent);
      box-shadow: inset 3px 0 0 var(--brand);
      font-size: 0.9em;
      line-height: 1.4;
      text-align: start;
    }
    :host(:dir(rtl)) button {
      box-shadow: inset -3px 0 0 var(--brand);
    }
    button:hover {
      background: color-mix(in srgb, var(--brand) 16%, transparent);
    }
    p {
      display: flex;
      align-items: center;
      gap: 6px;
      color: var(--muted);
      box-shadow: none;
    }
    .who {
      display: flex;
      gap: 6px;
      align-items: baseline;
    }
    .who span {
      color: var(--muted);
      font-size: 0.92em;
    }
    bdi {
      overflow: hidden;
      color: var(--brand-text);
      font-weight: 800;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .text {
      display: -webkit-box;
      overflow: hidden;
      overflow-wrap: anywhere;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      white-space: pre-line;
    }
    @media (forced-colors: active) {
      button {
        border: 1px solid CanvasText;
      }
    }
  `,
})
export class QuoteBlock {
  readonly quote = input.required<QuoteView>();
  /** Resolves the names in the text. */
  readonly names = input<MentionOf>();
  readonly isReachable = input(false);
  /** Emits the seq of the quoted message when it is pressed. */
  readonly asked = output<number>();
  protected readonly t = injectTranslate();
  protected readonly plainOf = plainOf;
}
