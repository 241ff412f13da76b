import { signal } from '@angular/core';
import { mayHoldMarkup } from '@cloudhop/markup/may-hold-markup';
import type { Inline } from '@cloudhop/markup';
import type * as Drawn from './marked-text';
import { blocksWithNames, withNames, type MentionOf } from './mention-names';

type Markup = Pick<typeof Drawn, 'MarkedText' | 'parseMarkup' | 'plainText'>;

const markup = signal<Markup | undefined>(undefined);
let isLoading = false;

/** Reactive: what reads and draws markup. It is loaded when it is first asked for; until then there is none. */
export function loadedMarkup(): Markup | undefined {
  const loaded = markup();
  if (!loaded && !isLoading) {
    isLoading = true;
    void import('./marked-text').then(
      ({ MarkedText, parseMarkup, plainText }) => markup.set({ MarkedText, parseMarkup, plainText }),
      () => (isLoading = false),
    );
  }
  return loaded;
}

/** Reactive: whether a text has marks in it and so will look other than it is typed. Addresses alone are no marks. */
export function isFormatted(text: string): boolean {
  if (!mayHoldMarkup(text)) return false;
  const blocks = loadedMarkup()?.parseMarkup(text.trim()) ?? [];
  return blocks.some((block) => block.kind !== 'paragraph' || block.children.some(isMarked));
}

/**
 * Reactive: what a text says without its marks, on one line, with whom it names by what they are called; the text itself
 * until what reads marks is loaded.
 */
export function plainOf(text: string, mentionOf?: MentionOf): string {
  const names = mentionOf && /[@＠]/u.test(text) ? mentionOf : undefined;
  const tools = mayHoldMarkup(text) ? loadedMarkup() : undefined;
  if (!tools) return names ? withNames(text, names) : text;
  const blocks = tools.parseMarkup(text);
  return tools.plainText(names ? blocksWithNames(blocks, names) : blocks) || text;
}

function isMarked(node: Inline): boolean {
  return node.kind !== 'text' && node.kind !== 'break' && !(node.kind === 'link' && node.isBare);
}
