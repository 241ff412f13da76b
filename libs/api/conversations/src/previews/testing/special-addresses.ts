import * as fc from 'fast-check';
import { BlockList } from 'node:net';

/** Four octets or eight groups. */
export type Parts = number[];

/** IANA's special-purpose addresses, multicast, and Azure's own: written down apart from what is tested. */
const special4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
  '192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 ' +
  '203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';
/** The same of 2000::/3; all that is outside of it is special … */
const special6 = '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20';
/** … and leads somewhere in these, which chance would not find. */
const outer6 =
  '::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8';

function blocksOf(ranges: string): BlockList {
  const blocks = new BlockList();
  for (const range of ranges.split(' ')) {
    const [base, bits] = range.split('/');
    blocks.addSubnet(base!, Number(bits), base!.includes(':') ? 'ipv6' : 'ipv4');
  }
  return blocks;
}
const blocks4 = blocksOf(special4);
const blocks6 = blocksOf(special6);
const unicast6 = blocksOf('2000::/3');

export const textOf = (parts: Parts): string =>
  parts.length === 4 ? parts.join('.') : parts.map((group) => group.toString(16)).join(':');

export function isSpecial(parts: Parts): boolean {
  const text = textOf(parts);
  if (parts.length === 4) return blocks4.check(text, 'ipv4');
  const isIsatap = [0, 0x100, 0x200, 0x300].includes(parts[4]!) && parts[5] === 0x5efe;
  return !unicast6.check(text, 'ipv6') || blocks6.check(text, 'ipv6') || isIsatap;
}

/** Any address of a range. */
function within(range: string): fc.Arbitrary<Parts> {
  const [base = '', bits] = range.split('/');
  const [head, tail] = base.split('::').map((side) => side.split(':').filter(Boolean));
  const groups = [...head!, ...Array<string>(8 - head!.length - (tail?.length ?? 0)).fill('0'), ...(tail ?? [])];
  const parts = base.includes(':') ? groups.map((group) => parseInt(group, 16)) : base.split('.').map(Number);
  const width = base.includes(':') ? 16 : 8;
  return fc.tuple(
    ...parts.map((part, i) => {
      const free = 2 ** Math.min(width, Math.max(0, width * (i + 1) - Number(bits))) - 1;
      return fc.nat(free).map((rest) => (part & ~free) | rest);
    }),
  );
}
const oneOf = (ranges: string) => fc.oneof(...ranges.split(' ').map(within));
const isatap = fc
  .tuple(within('2000::/3'), fc.constantFrom(0, 0x100, 0x200, 0x300))
  .map(([parts, bits]) => parts.with(4, bits).with(5, 0x5efe));

export const specialAddress: fc.Arbitrary<Parts> = fc.oneof(oneOf(special4), oneOf(special6), oneOf(outer6), isatap);
export const anyAddress: fc.Arbitrary<Parts> = fc.oneof(within('0.0.0.0/0'), within('2000::/3'), within('::/0'));

const radixes = [(n: number) => `${n}`, (n: number) => `0x${n.toString(16)}`, (n: number) => `0X00${n.toString(16)}`];
const octal = (n: number) => `0${n.toString(8)}`;
const disguises = [
  (text: string) => text,
  (text: string) => text.toUpperCase(),
  (text: string) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (text: string) => text.replace(/[\d.]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
  (text: string) => text.replaceAll('.', '。'),
  (text: string) => `${text}.`,
];

/** An address as a link may spell it and `URL` still reads it: short, octal, hexadecimal, in full width, escaped … */
export function spellingsOf(parts: Parts): fc.Arbitrary<string> {
  if (parts.length === 8) return fc.constantFrom(...spellings6(parts).map((text) => `[${text}]`));
  return fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(...radixes, octal), { minLength: 4, maxLength: 4 }),
      fc.constantFrom(...disguises),
    )
    .map(([count, writers, disguise]) => {
      const last = parts.slice(count - 1).reduce((sum, octet) => sum * 256 + octet, 0);
      return disguise([...parts.slice(0, count - 1), last].map((part, i) => writers[i]!(part)).join('.'));
    });
}

function spellings6(parts: Parts): string[] {
  const text = textOf(parts);
  const full = parts.map((group) => group.toString(16).padStart(4, '0')).join(':');
  const short = text.replace(/(?:^|:)0(?::0)+(?=:|$)/, (zeros) => (zeros.startsWith(':') ? ':' : '::'));
  const octets = parts.slice(6).flatMap((group) => [group >> 8, group & 0xff]);
  return [text, full, full.toUpperCase(), short, `${textOf(parts.slice(0, 6))}:${octets.join('.')}`].filter(
    (spelling) => URL.canParse(`http://[${spelling}]/`),
  );
}
