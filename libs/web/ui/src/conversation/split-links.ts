import { LinkifyIt } from 'linkify-it';
import type { TextPiece } from './text-piece';

const finder = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: false }).add('ftp:', null).add('//', null);

/** Where a link ends although the finder reads on: full-width and Chinese punctuation, and quotes of both kinds. */
const linkEnd = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2018-\u201f\u2026\u2014]/u;
const schemes = new Set(['http:', 'https:', 'mailto:']);

/** Splits a message into text and links. Links are http, https, mailto and what begins with www; nothing else is markup. */
export function splitLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let position = 0;
  for (const match of finder.match(text) ?? []) {
    const href = hrefOf(match.raw, match.schema);
    if (!href || match.index < position) continue;
    if (match.index > position) pieces.push({ text: text.slice(position, match.index) });
    pieces.push(href);
    position = match.index + href.text.length;
  }
  if (position < text.length) pieces.push({ text: text.slice(position) });
  return pieces;
}

function hrefOf(raw: string, schema: string): TextPiece | undefined {
  const end = raw.search(linkEnd);
  const text = end < 0 ? raw : raw.slice(0, end);
  if (schema === '' && !/^www\./i.test(text)) return undefined;
  const address = schema === '' ? `http://${text}` : text;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return schemes.has(url.protocol) && (url.host || url.protocol === 'mailto:') ? { text, href: url.href } : undefined;
}
