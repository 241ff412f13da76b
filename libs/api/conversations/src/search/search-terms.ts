import { folded } from '@cloudhop/contracts';

/** Scripts without spaces, of which parts are found. */
const cjk = String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}`;
const letters = String.raw`\p{L}\p{M}\p{N}_`;
const tokens = new RegExp(
  String.raw`(?<run>[[${letters}]&&[${cjk}]]+)|(?<word>[[${letters}]--[${cjk}]]+)|(?<sign>\p{Extended_Pictographic})`,
  'gv',
);
const link = /https?:\/\/\S/iu;

export interface Token {
  /** run: Han, Kana and Hangul, found at any position. word: found whole. sign: an emoji. */
  kind: 'run' | 'word' | 'sign';
  text: string;
  at: number;
}

/** Returns the tokens of a folded text; the rest is not searchable. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(tokens)].map(({ groups, index, 0: match }) => ({
    kind: groups!['run'] !== undefined ? 'run' : groups!['word'] !== undefined ? 'word' : 'sign',
    text: match,
    at: index,
  }));
}

/** FNV-1a in 31 bits. A collision costs one read of the live row, nothing else. */
function hash(term: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < term.length; i++) value = Math.imul(value ^ term.charCodeAt(i), 0x01000193);
  return value >>> 1;
}

export const conversationTerm = (conversationId: string): number => hash(`c:${conversationId}`);
export const authorTerm = (userId: string): number => hash(`a:${userId}`);
export const markTerm = (mark: 'link' | 'pin'): number => hash(`m:${mark}`);

/** Returns the terms of tokens: for a run its grams of one and two characters; in a query only the longest. */
function termsOfTokens(found: readonly Token[], isQuery: boolean): Set<number> {
  const terms = new Set<number>();
  for (const { kind, text } of found) {
    if (kind !== 'run') {
      terms.add(hash(`w:${text}`));
      continue;
    }
    const characters = [...text];
    if (!isQuery || characters.length === 1) for (const character of characters) terms.add(hash(`g:${character}`));
    for (let i = 1; i < characters.length; i++) terms.add(hash(`g:${characters[i - 1]!}${characters[i]!}`));
  }
  return terms;
}

/** Returns the terms of a message. */
export function messageTerms(message: {
  conversationId: string;
  authorId: string;
  body: string;
  isPinned: boolean;
}): number[] {
  const terms = termsOfTokens(tokensOf(folded(message.body)), false);
  terms.add(conversationTerm(message.conversationId));
  terms.add(authorTerm(message.authorId));
  if (hasLink(message.body)) terms.add(markTerm('link'));
  if (message.isPinned) terms.add(markTerm('pin'));
  return [...terms];
}

/** Returns the terms that a candidate for these tokens must have. */
export function queryTerms(found: readonly Token[]): number[] {
  return [...termsOfTokens(found, true)];
}

export function hasLink(body: string): boolean {
  return link.test(body);
}
