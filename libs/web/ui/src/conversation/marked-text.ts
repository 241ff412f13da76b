import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  ViewEncapsulation,
  effect,
  inject,
  input,
  untracked,
} from '@angular/core';
import { parseMarkup } from '@cloudhop/markup';
import { injectTranslate } from '../translate';
import { buildMarkup } from './markup-dom';
import type { MentionOf } from './mention-names';

export { parseMarkup, plainText } from '@cloudhop/markup';

/** Text of a message with markup, drawn as DOM nodes and never as HTML. Loaded with the first such message. */
@Component({
  selector: 'ch-marked-text',
  changeDetection: ChangeDetectionStrategy.OnPush,
  // The nodes are built without a template.
  encapsulation: ViewEncapsulation.None,
  template: '',
  styleUrl: './marked-text.css',
})
export class MarkedText {
  readonly text = input.required<string>();
  readonly isReachable = input.required<boolean>();
  readonly mentionOf = input<MentionOf>();
  readonly #t = injectTranslate();
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    effect(() => this.#draw());
    effect(() => this.#reach(this.isReachable()));
  }

  #draw(): void {
    const drawn = buildMarkup(this.#host.ownerDocument, parseMarkup(this.text()), {
      reachable: untracked(this.isReachable),
      mentionOf: this.mentionOf(),
      labels: { copy: this.#t('message.codeCopy'), code: this.#t('message.code') },
      codeBuilt: (element, { language, text }) => {
        if (language !== undefined) void this.#colour(element, text, language);
      },
    });
    this.#host.replaceChildren(drawn);
  }

  /** Colours a code block. Ignores a failure: code is readable without colours. */
  async #colour(element: HTMLElement, text: string, language: string): Promise<void> {
    try {
      const { highlightCode } = await import('./highlight-code');
      const coloured = await highlightCode(element.ownerDocument, text, language);
      if (coloured) element.replaceChildren(coloured);
    } catch {
      return;
    }
  }

  #reach(isReachable: boolean): void {
    for (const element of this.#host.querySelectorAll<HTMLElement>('[tabindex]'))
      element.tabIndex = isReachable ? 0 : -1;
  }
}
