import { findMentions, limits } from '@cloudhop/contracts';
import type { Block, CodeBlock, Inline, Link, List } from '@cloudhop/markup';
import { createElement } from './markup-elements';
import { shownMention, type MentionOf } from './mention-names';

export interface MarkupOptions {
  /** True if Tab stops at links and buttons. */
  reachable: boolean;
  /** Resolves names; without it no name is a mention. */
  mentionOf?: MentionOf | undefined;
  labels: { copy: string; code: string };
  /** Called with each code block after its element was filled with plain text. */
  codeBuilt?: (element: HTMLElement, block: CodeBlock) => void;
}

const schemes = new Set(['http:', 'https:', 'mailto:']);
const styles = { strong: 'strong', em: 'em', strike: 's' } as const;

/** Builds the DOM nodes of a message. No text is parsed as HTML. */
export function buildMarkup(document: Document, blocks: readonly Block[], options: MarkupOptions): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(...new Builder(document, options).blocks(blocks));
  return fragment;
}

class Builder {
  readonly #document: Document;
  readonly #options: MarkupOptions;
  readonly #tabindex: string;
  #mentionsLeft = limits.mentions;

  constructor(document: Document, options: MarkupOptions) {
    this.#document = document;
    this.#options = options;
    this.#tabindex = options.reachable ? '0' : '-1';
  }

  blocks(blocks: readonly Block[]): Node[] {
    return blocks.map((block) => {
      switch (block.kind) {
        case 'paragraph':
          return createElement(this.#document, 'p', {}, ...this.#inlines(block.children));
        case 'quote':
          return createElement(this.#document, 'blockquote', {}, ...this.blocks(block.children));
        case 'list':
          return this.#list(block);
        case 'code':
          return this.#codeBlock(block);
      }
    });
  }

  #list({ isOrdered, start, items }: List): Node {
    const children = items.map((item) => createElement(this.#document, 'li', {}, ...this.blocks(item)));
    if (!isOrdered) return createElement(this.#document, 'ul', {}, ...children);
    return createElement(this.#document, 'ol', start === undefined ? {} : { start: String(start) }, ...children);
  }

  #codeBlock(block: CodeBlock): Node {
    const { labels, codeBuilt } = this.#options;
    const tabindex = this.#tabindex;
    const code = createElement(this.#document, 'code', {}, block.text);
    const copy = { type: 'button', class: 'copy', 'data-copy': '', tabindex };
    const bar = createElement(
      this.#document,
      'div',
      { class: 'bar' },
      createElement(this.#document, 'span', { class: 'language' }, block.language ?? ''),
      createElement(this.#document, 'button', copy, labels.copy),
    );
    // It scrolls, so it must be focusable, and then it needs a name.
    const scroller = { tabindex, role: 'group', 'aria-label': labels.code };
    const pre = createElement(this.#document, 'pre', scroller, code);
    codeBuilt?.(code, block);
    return createElement(this.#document, 'div', { class: 'code' }, bar, pre);
  }

  #inlines(nodes: readonly Inline[], isInLink = false): (Node | string)[] {
    return nodes.flatMap((node) => {
      switch (node.kind) {
        case 'text':
          return isInLink ? node.text : this.#named(node.text);
        case 'break':
          return createElement(this.#document, 'br', {});
        case 'code':
          return createElement(this.#document, 'code', {}, node.text);
        case 'link':
          return this.#link(node);
        default:
          return createElement(this.#document, styles[node.kind], {}, ...this.#inlines(node.children, isInLink));
      }
    });
  }

  /** Builds a link. The parser produces safe schemes only; this also rejects others from any other source of a tree. */
  #link({ href, children }: Link): Node | (Node | string)[] {
    const shown = this.#inlines(children, true);
    if (!URL.canParse(href) || !schemes.has(new URL(href).protocol)) return shown;
    const tabindex = this.#tabindex;
    const link = { href, target: '_blank', rel: 'noopener noreferrer nofollow', tabindex };
    const element = createElement(this.#document, 'a', link, ...shown);
    const text = element.textContent;
    if (text !== href && `${text}/` !== href) element.title = href;
    return element;
  }

  /** Replaces mentions in a text by buttons with the current names; the typed name is their title. */
  #named(text: string): (Node | string)[] {
    const { mentionOf } = this.#options;
    if (!mentionOf || this.#mentionsLeft === 0) return [text];
    const pieces: (Node | string)[] = [];
    let position = 0;
    for (const { from, to, found } of findMentions(text, mentionOf).slice(0, this.#mentionsLeft)) {
      const mention = {
        type: 'button',
        class: found.isMe ? 'mention me' : 'mention',
        'data-author': found.userId,
        tabindex: this.#tabindex,
        title: text.slice(from, to),
      };
      pieces.push(text.slice(position, from));
      pieces.push(createElement(this.#document, 'button', mention, shownMention(found)));
      position = to;
      this.#mentionsLeft--;
    }
    return [...pieces, text.slice(position)].filter((piece) => piece !== '');
  }
}
