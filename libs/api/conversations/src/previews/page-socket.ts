import { connect, isIP, isIPv6, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { PageHost } from './page-host';

/** Connects to one of the checked addresses of a host, and to nothing else. */
export type OpenSocket = (host: PageHost) => Socket;

/**
 * The addresses are tried one after the other; the name is never asked for again, so nobody can give another answer
 * between check and connection. TLS still names and proves the host by its name.
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
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED, set for something else, does not reach here.
    rejectUnauthorized: true,
  });
};
