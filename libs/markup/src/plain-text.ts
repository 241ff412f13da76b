import type { Block, Inline, Link } from './nodes';

/** Returns the text of a message without marks, on one line, for lists and notifications. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join(' ').replace(/\s+/g, ' ').trim();
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return inlineText(block.children);
    case 'quote':
      return block.children.map(blockText).join(' ');
    case 'code':
      return block.text;
    case 'list':
      return block.items
        .map((item, n) => `${block.isOrdered ? `${(block.start ?? 1) + n}. ` : ''}${item.map(blockText).join(' ')}`)
        .join(' ');
  }
}

/** The text of inline nodes; a break is a line feed. */
export function inlineText(nodes: readonly Inline[]): string {
  let text = '';
  for (const node of nodes) {
    if (node.kind === 'break') text += '\n';
    else text += 'children' in node ? inlineText(node.children) : node.text;
  }
  return text;
}

/** The address that a preview is made of: the first that was written by itself, of a page, by the author. */
export function previewLink(blocks: readonly Block[]): { href: string; written: string } | undefined {
  for (const block of blocks) {
    const found =
      block.kind === 'paragraph'
        ? bareLinkOf(block.children)
        : block.kind === 'list'
          ? previewLink(block.items.flat())
          : undefined;
    if (found) return { href: found.href, written: found.written };
  }
  return undefined;
}

function bareLinkOf(nodes: readonly Inline[]): Link | undefined {
  for (const node of nodes) {
    if (node.kind === 'link' && node.isBare && !node.href.startsWith('mailto:')) return node;
    const found = 'children' in node ? bareLinkOf(node.children) : undefined;
    if (found) return found;
  }
  return undefined;
}
