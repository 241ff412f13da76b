import ipaddr from 'ipaddr.js';
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';

/** Returns true for an address whose X-Forwarded-For is believed. */
export type TrustedProxies = (address: string) => boolean;

/**
 * Returns the shortest spelling of an address, without zone, brackets and port, and IPv4 for IPv4 mapped into IPv6.
 * Undefined for other text.
 */
function canonicalAddress(address: string): string | undefined {
  let text = address.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text);
  if (bracketed) text = bracketed[1]!;
  else if (/^[\d.]+:\d+$/.test(text)) text = text.slice(0, text.indexOf(':'));
  text = text.replace(/%.*$/, '').toLowerCase();
  return isIP(text) ? ipaddr.process(text).toString() : undefined;
}

/** Networks that stand for all addresses of a family: proxy-addr takes no range of 0 bits. */
const halves: Record<'ipv4' | 'ipv6', string[]> = { ipv4: ['0.0.0.0/1', '128.0.0.0/1'], ipv6: ['::/1', '8000::/1'] };

/** Begin of the IPv4 addresses within IPv6. A range that contains it trusts IPv4 too: addresses are compared as IPv4. */
const mappedIpv4 = ipaddr.IPv6.parse('::ffff:0:0');

/** Returns the networks that a word of the list names. Throws if it is neither an address nor a range. */
function networksOf(word: string): string[] {
  if (word === '' || word === 'loopback') return word === '' ? [] : [word];
  const [text = '', bits] = word.split('/');
  const address = canonicalAddress(text);
  const family = address && isIPv6(address) ? 'ipv6' : 'ipv4';
  const width = family === 'ipv6' ? 128 : 32;
  if (!address || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= width)))
    throw new Error(`holds "${word}", which is neither an address nor a range like 10.0.0.0/8`);
  const networks = Number(bits) === 0 ? halves[family] : [`${address}/${bits ?? width}`];
  const isIpv4Within = family === 'ipv6' && mappedIpv4.match(ipaddr.IPv6.parse(address), Number(bits ?? width));
  return isIpv4Within ? [...networks, ...halves.ipv4] : networks;
}

/** Parses "10.0.0.0/8, ::1"; the word loopback stands for 127.0.0.0/8 and ::1. Throws on anything else. */
export function parseTrustedProxies(list: string): TrustedProxies {
  const isTrusted = proxyAddr.compile(list.split(',').flatMap((word) => networksOf(word.trim())));
  return (address) => isTrusted(address, 0);
}

/**
 * Returns the client's address, for REST and sockets: the last hop that is not a trusted proxy, or the proxy before it
 * if that hop is no address. Hops left of it in X-Forwarded-For were written by the client and are ignored.
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  trustedProxies: TrustedProxies,
): string {
  const chain = Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor;
  // proxy-addr would skip an empty hop, which ends the walk like any other text.
  const hopsOf = (text: string) => text.split(',').map((hop) => hop.trim() || 'unknown');
  const headers = { 'x-forwarded-for': chain === undefined ? undefined : hopsOf(chain).join(',') };
  // Those parts of a request that proxy-addr reads.
  const request = { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
  const hops: (string | undefined)[] = proxyAddr.all(request, (hop?: string) =>
    trustedProxies(canonicalAddress(hop ?? '') ?? ''),
  );
  const addresses = hops.map((hop) => canonicalAddress(hop ?? ''));
  return addresses.findLast((address) => address !== undefined) ?? 'unknown';
}

const shared = new Set([
  ...['unspecified', 'loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'],
  // IPv4 within IPv6 by a translator: all who come through it share one /64.
  ...['rfc6052', 'rfc6145', 'teredo'],
]);

/**
 * Returns true for a public address, false for loopback, private and carrier-grade addresses and for other text.
 * Unrelated people share those: behind a proxy that is not trusted, within one network, or behind a translator.
 */
export function isOwnAddress(address: string): boolean {
  const text = canonicalAddress(address);
  return text !== undefined && !shared.has(ipaddr.parse(text).range());
}

/** Returns the key that limits count by: one IPv4 address, or the /64 that one IPv6 subscriber owns. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  // An embedded IPv4 takes the place of two groups; it never reaches the first four of a global address.
  const written = left.length + right.length + (right.at(-1)?.includes('.') ? 1 : 0);
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - written)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
