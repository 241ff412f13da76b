import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { People } from '@cloudhop/web/people';
import { ClientStore, nameWithTag } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { typingText } from './typing-text';

/**
 * Typing indicator above the composer. It is not a live region: screen readers announce the message itself once it is
 * sent.
 */
@Component({
  selector: 'ch-typing-indicator',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (sentence(); as sentence) {
      <p>
        <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
        <span class="words">{{ sentence }}</span>
      </p>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    p {
      display: flex;
      align-items: center;
      gap: 7px;
      color: var(--muted);
      font-size: 0.87em;
      line-height: 22px;
      animation: appear var(--calm) var(--ease);
    }
    .words {
      overflow: hidden;
      min-width: 0;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .dots {
      display: flex;
      flex: none;
      gap: 3px;
    }
    i {
      width: 6px;
      height: 6px;
      border-radius: 50%;
      background: var(--brand);
      animation: breathe 1.5s ease-in-out infinite;
    }
    i:nth-child(2) {
      animation-delay: 0.2s;
    }
    i:nth-child(3) {
      animation-delay: 0.4s;
    }
    @keyframes breathe {
      0%,
      60%,
      100% {
        opacity: 0.4;
        transform: scale(0.8);
      }
      30% {
        opacity: 1;
        transform: none;
      }
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
    @media (max-width: 719px) {
      :host {
        height: 20px;
        padding: 0 16px;
      }
      p {
        line-height: 20px;
      }
    }
    @media (forced-colors: active) {
      i {
        background: CanvasText;
      }
    }
  `,
})
export class TypingIndicator {
  readonly conversationId = input.required<string>();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #t = injectTranslate();

  protected readonly sentence = computed(() => {
    const personOf = this.#people.personOf();
    // Isolates keep a name of the other direction from turning the sentence around it.
    const nameOf = (id: string) => `\u2068${nameWithTag(personOf(id))}\u2069`;
    const words = typingText(this.#store.typing(this.conversationId()), nameOf);
    return words && this.#t(`typing.${words.key}`, { ...words });
  });
}
