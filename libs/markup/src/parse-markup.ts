import MarkdownIt from 'markdown-it';
import { useBlockRules } from './block-rules';
import { useInlineRules } from './inline-rules';
import type { Block } from './nodes';
import { blocksOf } from './token-tree';

const parser = new MarkdownIt('zero', { html: false });
useBlockRules(parser);
useInlineRules(parser);

/**
 * Parses a message: bold, italic, strike, code, quotes, lists and links of Markdown, and nothing else of it. Keeps every
 * line break, and everything else as text. Takes time linear in the length of the text; the depth of the tree is bounded.
 */
export function parseMarkup(text: string): Block[] {
  return blocksOf(parser.parse(text, {}));
}
