import { signal } from '@angular/core';
import { mayHoldMarkup } from '@cloudhop/markup/may-hold-markup';
import type { Inline } from '@cloudhop/markup';
import type * as Drawn from './marked-text';
import { blocksWithNames, withNames, type MentionOf } from './mention-names';

type Markup = Pick<typeof Drawn, 'MarkedText' | 'parseMarkup' | 'plainText'>;

const markup = signal<Markup | undefined>(undefined);
let isLoading = false;

/** Returns the markup parser and builder; undefined until the code that the first call loads has arrived. Reactive. */
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

/** Returns whether a text has markup and so looks different from its source. Plain addresses don't count. Reactive. */
export function isFormatted(text: string): boolean {
  if (!mayHoldMarkup(text)) return false;
  const blocks = loadedMarkup()?.parseMarkup(text.trim()) ?? [];
  return blocks.some((block) => block.kind !== 'paragraph' || block.children.some(isMarked));
}

/**
 * Returns a text on one line without markup, with mentions by their current names; the text itself until the parser is
 * loaded. Reactive.
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
