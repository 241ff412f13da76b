import { connect, isIP, isIPv6, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { PageHost } from './page-host';

/** Connects only to one of the checked addresses of a host. */
export type OpenSocket = (host: PageHost) => Socket;

/**
 * Tries the addresses one after the other. Never resolves the name again, so that nobody can change the result between
 * check and connection. TLS still verifies the host by its name.
 */
export const openSocket: OpenSocket = ({ name, port, isSecure, addresses }) => {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  const lookup: LookupFunction = (_name, { all }, answer) =>
    process.nextTick(() => (all ? answer(null, found) : answer(null, found[0]!.address, found[0]!.family)));
  const way = { host: name, port, lookup, autoSelectFamily: true };
  if (!isSecure) return connect(way);
  return connectSecurely({
    ...way,
    // RFC 6066 knows names only; a certificate for an address is still checked against it.
    servername: isIP(name) === 0 ? name : '',
    ALPNProtocols: ['http/1.1'],
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED does not apply here.
    rejectUnauthorized: true,
  });
};
