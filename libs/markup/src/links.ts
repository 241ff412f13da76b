import { LinkifyIt, type Match } from 'linkify-it';

/** A link in a text: `written` begins at `index`, in UTF-16 units. */
export interface FoundLink {
  index: number;
  written: string;
  href: string;
}

const finder = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: false }).add('ftp:', null).add('//', null);

/** Cheap test without false negatives: a text that does not match has no link. */
const mayHoldLink = /:\/\/|mailto:|www\./i;

/** Matches characters that end a link although the finder reads on: full-width and Chinese punctuation, and quotes. */
const linkEnd = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2018-\u201f\u2026\u2014]/u;

/** Matches a character before a link in writing without spaces. The finder takes both for one word. */
const beforeLink =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]\p{M}?(?=https?:\/\/|mailto:|www\.)/giu;

/** Matches an explicit scheme. Browsers interpret addresses without one in different ways. */
const scheme = /^(?:https?:\/\/|mailto:)/i;
/** Browsers drop some of these from an address and so turn one scheme into another. */
const broken = /[\s\u0000-\u001f\u007f-\u009f]/u;
const mailbox = /^[^@]+@[^@]+$/;

/** The links of a text: http, https, mailto, and what begins with www. */
export function findLinks(text: string): FoundLink[] {
  if (!mayHoldLink.test(text)) return [];
  const links: FoundLink[] = [];
  let position = 0;
  for (const match of matchesIn(text)) {
    if (match.index < position) continue;
    const link = linkOf(match.index, match.raw);
    if (!link) continue;
    links.push(link);
    position = link.index + link.written.length;
  }
  return links;
}

function matchesIn(text: string): readonly Match[] {
  const matches = finder.match(text) ?? [];
  let parted = '';
  let end = 0;
  const part = (until?: number) => {
    parted += text.slice(end, until).replace(beforeLink, ({ length }) => ' '.repeat(length));
  };
  for (const { index, lastIndex, raw } of matches) {
    if (!linkOf(index, raw)) continue;
    part(index);
    parted += text.slice(index, lastIndex);
    end = lastIndex;
  }
  part();
  return parted === text ? matches : (finder.match(parted) ?? []);
}

/** The link that `raw` is, which the finder saw at `index`; undefined where it leads nowhere. */
export function linkOf(index: number, raw: string): FoundLink | undefined {
  const end = raw.search(linkEnd);
  const written = end < 0 ? raw : raw.slice(0, end);
  const href = safeHref(/^www\./i.test(written) ? `http://${written}` : written);
  return href === undefined ? undefined : { index, written, href };
}

/**
 * Returns a safe address in the spelling of the browser: http or https with a host, or mailto with one mailbox. Undefined
 * for addresses with credentials, because `https://bank.com@evil.com` reads as the bank, and for addresses that two
 * parsers could split differently. Those stay text, which shows all of it.
 */
export function safeHref(raw: string): string | undefined {
  if (!scheme.test(raw) || broken.test(raw) || !URL.canParse(raw)) return undefined;
  const url = new URL(raw);
  if (url.protocol === 'mailto:') return mailbox.test(url.pathname) && !url.search ? url.href : undefined;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  return url.hostname && !url.username && !url.password ? url.href : undefined;
}

/** Returns the addresses in a text: links, and bare hosts. */
export function addressesIn(text: string): string[] {
  return matchesIn(text).map(({ raw, schema }) => (schema === '' ? `http://${raw}` : raw));
}
