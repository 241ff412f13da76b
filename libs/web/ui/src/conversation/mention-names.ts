import { findMentions } from '@cloudhop/contracts';
import type { Block, Inline } from '@cloudhop/markup';

/** User mentioned in a text. */
export interface Mentioned {
  userId: string;
  /** Current display name. */
  name: string;
  isMe: boolean;
}

/** Resolves a mention's key to a user. */
export type MentionOf = (key: string) => Mentioned | undefined;

/** Returns the text of a mention: the user's current name, not the one that was typed. */
export function shownMention({ name }: Mentioned): string {
  return `@${name}`;
}

/** Returns a text without markup, with mentions by their current names. */
export function withNames(text: string, mentionOf: MentionOf): string {
  let shown = '';
  let position = 0;
  for (const { from, to, found } of findMentions(text, mentionOf)) {
    shown += text.slice(position, from) + shownMention(found);
    position = to;
  }
  return shown + text.slice(position);
}

/** Returns the blocks with `withNames` applied to every text that may hold a mention. */
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
    // Links hold no mentions.
    if (node.kind === 'link' || !('children' in node)) return node;
    return { ...node, children: inlinesWithNames(node.children, mentionOf) };
  });
}
