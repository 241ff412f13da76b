import { LinkifyIt, type Match } from 'linkify-it';

/** A link in a text: `written` begins at `index`, in UTF-16 units. */
export interface FoundLink {
  index: number;
  written: string;
  href: string;
}

const finder = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: false }).add('ftp:', null).add('//', null);

/** Cheap and never wrong on the safe side: a text without these holds no link. */
const mayHoldLink = /:\/\/|mailto:|www\./i;

/** Where a link ends although the finder reads on: full-width and Chinese punctuation, and quotes of both kinds. */
const linkEnd = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2018-\u201f\u2026\u2014]/u;

/** In writing without spaces a link may follow right behind a word. The finder takes all of it for one word then. */
const beforeLink =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]\p{M}?(?=https?:\/\/|mailto:|www\.)/giu;

/** Said out loud in the address: what a browser would read into a shorter one is nobody's guess. */
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
 * Where an address of a message may lead, as the browser writes it: http or https with a host, or mailto with one
 * mailbox. Credentials make it none, because `https://bank.com@evil.com` reads as the bank; so does everything that
 * two readers could take apart differently. What is no link stays text, and then all of it can be seen.
 */
export function safeHref(raw: string): string | undefined {
  if (!scheme.test(raw) || broken.test(raw) || !URL.canParse(raw)) return undefined;
  const url = new URL(raw);
  if (url.protocol === 'mailto:') return mailbox.test(url.pathname) && !url.search ? url.href : undefined;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  return url.hostname && !url.username && !url.password ? url.href : undefined;
}

/** The addresses that a text names: those that are links, and hosts on their own. */
export function addressesIn(text: string): string[] {
  return matchesIn(text).map(({ raw, schema }) => (schema === '' ? `http://${raw}` : raw));
}
