import type { Token } from 'markdown-it';
import { fenceInfo } from './block-rules';
import { inlinesOf } from './inline-tree';
import type { Block, List } from './nodes';

/** A quote or an item that is open: where its blocks go, and the line after the last of them. */
interface Frame {
  blocks: Block[];
  list?: List;
  /** The number that the next item of the list has by itself. */
  next: number;
  lastLine: number;
}

const aFrame = (blocks: Block[]): Frame => ({ blocks, next: 1, lastLine: 0 });

/** The tree of the parser's tokens. */
export function blocksOf(tokens: readonly Token[]): Block[] {
  const root = aFrame([]);
  const frames = [root];
  for (const token of tokens) {
    const frame = frames.at(-1)!;
    switch (token.type) {
      case 'inline':
        addParagraph(frame, token);
        break;
      case 'fence':
        frame.blocks.push(codeOf(token));
        break;
      case 'blockquote_open': {
        const quote: Block = { kind: 'quote', children: [] };
        frame.blocks.push(quote);
        frames.push(aFrame(quote.children));
        break;
      }
      case 'list_item_open':
        frames.push(aFrame(itemOf(frame, token)));
        break;
      case 'blockquote_close':
      case 'list_item_close':
        frames.pop();
        break;
      case 'bullet_list_close':
      case 'ordered_list_close':
        delete frame.list;
    }
  }
  return root.blocks;
}

/** Of the blank lines between two paragraphs the first is their distance; each one more is a break. */
function addParagraph(frame: Frame, token: Token): void {
  const [line, end] = token.map!;
  const children = inlinesOf(token.children!);
  const last = frame.blocks.at(-1);
  const blankLines = line - frame.lastLine;
  frame.lastLine = end;
  if (last?.kind !== 'paragraph') frame.blocks.push({ kind: 'paragraph', children });
  else if (blankLines === 0) last.children.push({ kind: 'break' }, ...children);
  else {
    const breaks = Array.from({ length: blankLines - 1 }, () => ({ kind: 'break' }) as const);
    frame.blocks.push({ kind: 'paragraph', children: [...breaks, ...children] });
  }
}

/** A new item. Numbers show as they were typed, so one that doesn't follow begins a list of its own. */
function itemOf(frame: Frame, token: Token): Block[] {
  const isOrdered = token.info !== '';
  const number = Number(token.info);
  if (!frame.list || (isOrdered && number !== frame.next)) {
    frame.list = { kind: 'list', isOrdered, ...(isOrdered && number !== 1 ? { start: number } : {}), items: [] };
    frame.blocks.push(frame.list);
  }
  frame.next = number + 1;
  const item: Block[] = [];
  frame.list.items.push(item);
  return item;
}

function codeOf(token: Token): Block {
  const { language, rest } = fenceInfo(token.info);
  const text = token.content.replace(/\n$/, '');
  return { kind: 'code', ...(language ? { language } : {}), text: rest ? `${rest}\n${text}`.trimEnd() : text };
}
