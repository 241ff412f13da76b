import MarkdownIt from 'markdown-it';
import { useBlockRules } from './block-rules';
import { useInlineRules } from './inline-rules';
import type { Block } from './nodes';
import { blocksOf } from './token-tree';

const parser = new MarkdownIt('zero', { html: false });
useBlockRules(parser);
useInlineRules(parser);

/**
 * What a message says: bold, italic, strike, code, quotes, lists and links of Markdown, and nothing else of it. Every
 * line break stays one, and what is no mark stays text. The work grows with the length of the text, its depth is
 * bounded.
 */
export function parseMarkup(text: string): Block[] {
  return blocksOf(parser.parse(text, {}));
}
