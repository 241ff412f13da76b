import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** Addresses that look public: Azure serves DNS and configuration of the machine there. */
const notPublic = new Set(['168.63.129.16']);
/** 2000::/3, the only block of global unicast addresses of IPv6. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** The former 6bone, returned in 2006 and unassigned since. */
const sixBone = ipaddr.IPv6.parseCIDR('3ffe::/16');

/**
 * Returns true for an address, as `URL` and name servers write it, of the public Internet: global unicast, without an
 * embedded address, to which a translator or tunnel would forward. Addresses with a zone or another spelling, and
 * unknown ones, are not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed.kind() === 'ipv4') return !notPublic.has(address);
  return parsed.match(globalUnicast) && !parsed.match(sixBone) && !isIsatap(parsed as ipaddr.IPv6);
}

/**
 * Returns true for an ISATAP address (RFC 5214): 0:5efe and an IPv4 address in the lower half, whatever the upper half
 * and the u and g bits are.
 */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return (parts[4]! & ~0x0300) === 0 && parts[5] === 0x5efe;
}
