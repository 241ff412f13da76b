import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { injectTranslate } from '../translate';
import { MessageText, type MentionOf } from './message-text';
import { isFormatted } from './markup-source';

/** Preview of a message with markup, above the field with its source. */
@Component({
  selector: 'ch-composer-preview',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [MessageText],
  template: `
    @if (isShown()) {
      <div class="preview" role="group" [attr.aria-label]="t('composer.preview')" inert>
        <ch-message-text [text]="text().trim()" [mentionOf]="names()" />
      </div>
    }
  `,
  styles: `
    .preview {
      width: fit-content;
      max-width: calc(100% - 24px);
      max-height: min(30dvh, 260px);
      margin: 0 12px 6px auto;
      padding: 8px 14px;
      border: 1px dashed color-mix(in srgb, var(--brand) 45%, transparent);
      border-radius: var(--radius-bubble) var(--radius-bubble) var(--radius-corner);
      background: var(--mine);
      overflow: auto;
    }
  `,
})
export class ComposerPreview {
  readonly text = input.required<string>();
  /** Resolves the names in the text. */
  readonly names = input<MentionOf>();
  protected readonly t = injectTranslate();
  protected readonly isShown = computed(() => isFormatted(this.text()));
}
