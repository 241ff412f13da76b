import { addressesIn } from './links';

/** An address as it was typed, in three: what leads to the host, the host, and what follows it. */
const typed = /^((?:https?:\/\/)?)([^/?#:\\]*)(.*)$/isu;
/** They turn around what is drawn after them. */
const bidiControl = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const ascii = /^[\u0021-\u007e]*$/;
/** The Latin letters that languages are written with; the ones of phonetics look like others. */
const latin = 'a-z\\u00df-\\u00f6\\u00f8-\\u024f\\u1e00-\\u1eff';
const numbers = '0-9.\\-';
/** The scripts of UTS #39, "highly restrictive": these with Latin, any other recommended one by itself. */
const mixed = [
  '',
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}',
  '\\p{scx=Han}\\p{scx=Bopomofo}',
  '\\p{scx=Han}\\p{scx=Hangul}',
].map((scripts) => new RegExp(`^[${latin}${numbers}${scripts}]+$`, 'iu'));
const single = [
  'Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao',
  'Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan',
]
  .join(' ')
  .split(' ')
  .map((script) => new RegExp(`^[\\p{scx=${script}}${numbers}]+$`, 'iu'));
/** Strokes of East Asian writing that read as a slash, a dot or a dash once Latin letters stand beside them. */
const stroke =
  '[\\u30ce\\u30f3\\u30bd\\u30be\\u30fc\\u30fd\\u30fe\\u3033-\\u3035\\u303b\\u4e00\\u4e36\\u4e3f\\u3127\\u3128]';
const strokeByLatin = new RegExp(`[a-z0-9]${stroke}|${stroke}[a-z0-9]`, 'i');

/**
 * What a link shows of its address: as it was typed, but the host in ASCII where its scripts mix as no name does that
 * is meant to be read. One script throughout is fine, `пример.рф`; with an ASCII end it no longer is, and so `аррӏе.com`
 * can't pass for something else.
 */
export function shownAddress(href: string, written: string): string {
  if (bidiControl.test(written)) return href;
  const [, start = '', host = '', rest = ''] = typed.exec(written) ?? [];
  if (isReadable(host) || /^mailto:/i.test(written)) return written;
  return `${start}${new URL(href).hostname}${rest}`;
}

function isReadable(host: string): boolean {
  if (ascii.test(host)) return true;
  if (strokeByLatin.test(host)) return false;
  return [...mixed, ...single].some((pattern) => pattern.test(host));
}

/** A text that is nothing but a host or begins with one, whatever it ends in: new top-level domains are made every year. */
const hostLike = /^(?:(?:[\p{L}\p{M}\p{N}-]+\.)+(?:[\p{L}\p{M}]{2,}|xn--[a-z\d-]+)|\d+(?:\.\d+){3})(?=$|[:/?#])/iu;
/** Bounded, so that looking for it everywhere stays cheap. */
const mailLike = /[^\s@<>()]{1,64}@[^\s@<>()]{1,255}/gu;

/** Whether the text of a link reads like the address of somewhere else. */
export function isMisleading(text: string, href: string): boolean {
  const read = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim();
  const target = new URL(href);
  for (const [mail] of read.matchAll(mailLike))
    if (target.protocol !== 'mailto:' || mail.toLowerCase() !== target.pathname.toLowerCase()) return true;
  const addresses = addressesIn(read);
  if (hostLike.test(read)) addresses.push(`http://${read}`);
  return addresses.some((address) => hostOf(address) !== hostOf(href) || shownAddress(address, address) !== address);
}

/** The host of an address as the browser writes it, without www; undefined where there is none. */
function hostOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, pathname } = new URL(address);
  const host = protocol === 'mailto:' ? pathname.slice(pathname.indexOf('@') + 1).toLowerCase() : hostname;
  return host.replace(/^www\./, '');
}
