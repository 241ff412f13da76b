import { addressesIn } from './links';

/** Splits a typed address into the part before the host, the host, and the rest. */
const typed = /^((?:https?:\/\/)?)([^/?#:\\]*)(.*)$/isu;
/** Matches characters that change the direction of the text after them. */
const bidiControl = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const ascii = /^[\u0021-\u007e]*$/;
/** Latin letters of written languages. Phonetic letters are left out: they look like others. */
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
 * Returns the text that a link shows of its address: as typed, but with the host in ASCII if it mixes scripts in a way
 * that names don't. A host in one script is kept (`пример.рф`). One with an ASCII top-level domain is not, so that
 * `аррӏе.com` can't pass for another name.
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

/** Matches a text that begins with a host of any top-level domain, known or not. */
const hostLike = /^(?:(?:[\p{L}\p{M}\p{N}-]+\.)+(?:[\p{L}\p{M}]{2,}|xn--[a-z\d-]+)|\d+(?:\.\d+){3})(?=$|[:/?#])/iu;
/** Matches a mail address. The lengths are bounded, which keeps the search cheap. */
const mailLike = /[^\s@<>()]{1,64}@[^\s@<>()]{1,255}/gu;

/** Returns true if the text of a link reads like another address than its target. */
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

/** Returns the host of an address in the spelling of the browser, without www. Undefined if there is none. */
function hostOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, pathname } = new URL(address);
  const host = protocol === 'mailto:' ? pathname.slice(pathname.indexOf('@') + 1).toLowerCase() : hostname;
  return host.replace(/^www\./, '');
}
