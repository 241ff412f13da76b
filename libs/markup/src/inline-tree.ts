import type { Token } from 'markdown-it';
import type { Inline, Link, Styled } from './nodes';
import { inlineText } from './plain-text';
import { isMisleading, shownAddress } from './shown-address';

/** Maximum nesting of marks. Deeper ones stay text. */
const inlineLevels = 8;
/** Matches a character that can be bold or struck. A mark around anything else is part of an emoticon. */
const word = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

const styles: Record<string, Styled['kind']> = { strong: 'strong', em: 'em', s: 'strike' };

/** Marks that are open, and what they hold so far. */
interface Frame {
  token?: Token;
  children: Inline[];
  hasWord: boolean;
}

/** Returns the link that the inline rules stored in a token. */
function linkIn(token: Token): Pick<Link, 'href' | 'written'> {
  const { href, written } = (token.meta as { link: Link }).link;
  return { href, written };
}

/** Returns the tree of a run of inline tokens. */
export function inlinesOf(tokens: readonly Token[]): Inline[] {
  let top: Frame = { children: [], hasWord: false };
  const outer: Frame[] = [];
  let tooDeep = 0;
  for (const token of tokens) {
    if (token.nesting > 0) {
      if (tooDeep > 0 || outer.length >= inlineLevels) {
        tooDeep++;
        addText(top, token.markup);
      } else {
        outer.push(top);
        top = { token, children: [], hasWord: false };
      }
    } else if (token.nesting < 0) {
      if (tooDeep > 0) {
        tooDeep--;
        addText(top, token.markup);
      } else {
        const closed = top;
        top = outer.pop()!;
        addClosed(top, closed, token.markup);
      }
    } else addLeaf(top, token);
  }
  return top.children;
}

function addText(frame: Frame, text: string): void {
  if (!text) return;
  const last = frame.children.at(-1);
  if (last?.kind === 'text') last.text += text;
  else frame.children.push({ kind: 'text', text });
  frame.hasWord ||= word.test(text);
}

function addLeaf(frame: Frame, token: Token): void {
  switch (token.type) {
    case 'softbreak':
      frame.children.push({ kind: 'break' });
      return;
    case 'code_inline':
      frame.children.push({ kind: 'code', text: token.content });
      frame.hasWord = true;
      return;
    case 'bare_link':
    case 'angled_link': {
      const link = linkIn(token);
      const children: Inline[] = [{ kind: 'text', text: shownAddress(link.href, link.written) }];
      frame.children.push({ kind: 'link', ...link, children, isBare: token.type === 'bare_link' });
      frame.hasWord = true;
      return;
    }
    default:
      addText(frame, token.content);
  }
}

function addClosed(frame: Frame, { token, children, hasWord }: Frame, mark: string): void {
  const kind = styles[token!.tag];
  if (!kind) {
    const link = linkIn(token!);
    const isHonest = !isMisleading(inlineText(children), link.href);
    const shown: Inline[] = isHonest ? children : [{ kind: 'text', text: link.href }];
    frame.children.push({ kind: 'link', ...link, children: shown, isBare: false });
    frame.hasWord = true;
  } else if (hasWord) {
    frame.children.push({ kind, children });
    frame.hasWord = true;
  } else {
    addText(frame, mark);
    for (const child of children)
      if (child.kind === 'text') addText(frame, child.text);
      else frame.children.push(child);
    addText(frame, mark);
  }
}
