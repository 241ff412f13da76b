import ipaddr from 'ipaddr.js';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** The proxies whose word about the client's address counts. */
export type TrustedProxies = Pick<BlockList, 'check'>;

const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Takes away what one address can be written with: a zone, brackets, a port, IPv4 mapped into IPv6. */
function plain(address: string): string | undefined {
  let text = address.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text);
  if (bracketed) text = bracketed[1]!;
  else if (/^[\d.]+:\d+$/.test(text)) text = text.slice(0, text.indexOf(':'));
  text = text.replace(/%.*$/, '').toLowerCase();
  return isIP(text) ? ipaddr.process(text).toString() : undefined;
}

/** Parses "10.0.0.0/8, ::1"; the word loopback stands for 127.0.0.0/8 and ::1. Throws on anything else. */
export function parseTrustedProxies(list: string): TrustedProxies {
  const proxies = new BlockList();
  const words = list.split(',').map((word) => word.trim());
  for (const word of words.flatMap((each) => (each === 'loopback' ? ['127.0.0.0/8', '::1'] : each || []))) {
    const [text = '', bits] = word.split('/');
    const address = plain(text);
    const widest = address && isIPv6(address) ? 128 : 32;
    if (!address || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= widest)))
      throw new Error(`holds "${word}", which is neither an address nor a range like 10.0.0.0/8`);
    if (bits === undefined) proxies.addAddress(address, family(address));
    else proxies.addSubnet(address, Number(bits), family(address));
  }
  return proxies;
}

/**
 * The client's address, for REST and sockets: the last hop that is not a trusted proxy. What stands left of it in
 * X-Forwarded-For was written by the client and counts for nothing.
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  trustedProxies: TrustedProxies,
): string {
  let current = plain(remoteAddress ?? '') ?? 'unknown';
  const hops = (Array.isArray(forwardedFor) ? forwardedFor.join(',') : (forwardedFor ?? '')).split(',');
  while (current !== 'unknown' && trustedProxies.check(current, family(current))) {
    const hop = hops.pop();
    const next = hop === undefined ? undefined : plain(hop);
    if (next === undefined) break;
    current = next;
  }
  return current;
}

const shared = new Set([
  ...['unspecified', 'loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'],
  // IPv4 within IPv6 by a translator: all who come through it share one /64.
  ...['rfc6052', 'rfc6145', 'teredo'],
]);

/**
 * Returns true for a public address. Loopback, private and carrier-grade addresses are false, and so is other text: behind
 * a proxy that is not trusted, within one network, or behind a translator, unrelated people have the same.
 */
export function isOwnAddress(address: string): boolean {
  const text = plain(address);
  return text !== undefined && !shared.has(ipaddr.parse(text).range());
}

/** What limits count by: one IPv4 address, or the /64 that one IPv6 subscriber owns. */
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
