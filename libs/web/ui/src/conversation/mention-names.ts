import { findMentions } from '@cloudhop/contracts';
import type { Block, Inline } from '@cloudhop/markup';

/** Somebody whom a text names. */
export interface Mentioned {
  userId: string;
  /** What they are called. */
  name: string;
  isMe: boolean;
}

/** Whom a name means, by its key. */
export type MentionOf = (key: string) => Mentioned | undefined;

/** Returns what a mention shows: the name that somebody goes by, not the one that was typed. */
export function shownMention({ name }: Mentioned): string {
  return `@${name}`;
}

/** Returns a text without marks as it is shown: those whom it names by what they are called. */
export function withNames(text: string, mentionOf: MentionOf): string {
  let shown = '';
  let position = 0;
  for (const { from, to, found } of findMentions(text, mentionOf)) {
    shown += text.slice(position, from) + shownMention(found);
    position = to;
  }
  return shown + text.slice(position);
}

/** Returns blocks in which withNames was done to every text in which somebody can be named. */
export function blocksWithNames(blocks: readonly Block[], mentionOf: MentionOf): Block[] {
  return blocks.map((block) => {
    if (block.kind === 'paragraph') return { ...block, children: inlinesWithNames(block.children, mentionOf) };
    if (block.kind === 'quote') return { ...block, children: blocksWithNames(block.children, mentionOf) };
    if (block.kind === 'list') return { ...block, items: block.items.map((item) => blocksWithNames(item, mentionOf)) };
    return block;
  });
}

function inlinesWithNames(nodes: readonly Inline[], mentionOf: MentionOf): Inline[] {
  return nodes.map((node): Inline => {
    if (node.kind === 'text') return { ...node, text: withNames(node.text, mentionOf) };
    // An address names nobody.
    if (node.kind === 'link' || !('children' in node)) return node;
    return { ...node, children: inlinesWithNames(node.children, mentionOf) };
  });
}
