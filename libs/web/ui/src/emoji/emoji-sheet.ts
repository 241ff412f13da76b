import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Sheet } from '../sheet';
import { injectTranslate } from '../translate';
import { EmojiPicker } from './emoji-picker';

/** The emoji picker beside what it belongs to. Its code is loaded when the browser has time. */
@Component({
  selector: 'ch-emoji-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EmojiPicker, Sheet],
  template: `
    @defer (when anchor() !== undefined; prefetch on idle) {
      @if (anchor(); as anchor) {
        <ch-sheet
          [label]="t('emoji.title')"
          [hasHead]="false"
          [anchor]="anchor"
          [height]="420"
          (closed)="closed.emit()"
        >
          <ch-emoji-picker [language]="language()" (picked)="picked.emit($event)" />
        </ch-sheet>
      }
    }
  `,
})
export class EmojiSheet {
  /** Where it opens; without a place it is closed. */
  readonly anchor = input.required<DOMRect | undefined>();
  readonly language = input.required<string>();
  readonly picked = output<string>();
  readonly closed = output();
  protected readonly t = injectTranslate();
}
