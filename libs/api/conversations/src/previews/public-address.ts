import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** Looks public and is not: Azure answers a machine's own questions there, name service and configuration. */
const notPublic = new Set(['168.63.129.16']);
/** 2000::/3, the one block of IPv6 out of which global unicast addresses are given. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** The former 6bone, given back in 2006 and to nobody since. */
const sixBone = ipaddr.IPv6.parseCIDR('3ffe::/16');

/**
 * Whether an address, as `URL` and name servers write it, is one of the public Internet: global unicast, and without
 * another address inside, since a translator or tunnel on the way would send it on to that one. Everything that is not
 * known to be public is not, and neither is what has a zone or another spelling.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed.kind() === 'ipv4') return !notPublic.has(address);
  return parsed.match(globalUnicast) && !parsed.match(sixBone) && !isIsatap(parsed as ipaddr.IPv6);
}

/** RFC 5214: 0:5efe and an IPv4 address in the lower half, whatever the upper is and however the u and g bits are set. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return (parts[4]! & ~0x0300) === 0 && parts[5] === 0x5efe;
}
