import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Sheet } from '../sheet';
import { injectTranslate } from '../translate';
import { EmojiPicker } from './emoji-picker';

/** Emoji picker beside its anchor. Its code is loaded when the browser is idle. */
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
  /** Rectangle to open at; undefined while closed. */
  readonly anchor = input.required<DOMRect | undefined>();
  readonly language = input.required<string>();
  readonly picked = output<string>();
  readonly closed = output();
  protected readonly t = injectTranslate();
}
