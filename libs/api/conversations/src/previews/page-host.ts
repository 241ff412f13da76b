import { limits } from '@cloudhop/api/platform';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { PageRefused } from './page-refused';
import { isPublicAddress } from './public-address';

/** All addresses of a name. It is asked once for each name, and what it says is final. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A host whose addresses have been checked: nothing else may be connected to. */
export interface PageHost {
  /** As certificates and name servers know it; an address stands without brackets. */
  name: string;
  port: number;
  isSecure: boolean;
  addresses: readonly string[];
}

/** Last labels that mean something inside of a network or on one machine only (RFC 6761, 6762, 8375 and habit). */
const innerEndings =
  /\.(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|invalid|onion|alt)$/;

/** Port of an address, also where it is not written. */
const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** How `allowedHosts` names the host of an address: host:port as `URL` writes them, the port always there. */
export const hostKey = (url: URL): string => `${url.hostname}:${portOf(url)}`;

/** Refuses what can be refused without asking anybody. `isNamed`: an administrator named this host and port. */
export function checkAddress(url: URL, isNamed: boolean): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new PageRefused('scheme');
  if (url.username !== '' || url.password !== '') throw new PageRefused('url');
  if (isNamed) return;
  // URL leaves out the port of its scheme: whatever is written is another one, 443 without TLS included.
  if (url.port !== '') throw new PageRefused('port');
  if (isIP(nameOf(url)) === 0 && !isPublicName(url.hostname)) throw new PageRefused('host');
}

/** One dot at least, no empty part: a dot at the end would be another spelling that certificates do not know. */
function isPublicName(name: string): boolean {
  const labels = name.split('.');
  return labels.length > 1 && !labels.includes('') && !innerEndings.test(name);
}

function nameOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/**
 * The host of an address that checkAddress let pass, with where it is. One address that is not public refuses them
 * all: a name that leads both out and in is a mistake or an attack, and no page is missed by not guessing which.
 */
export async function findHost(url: URL, isNamed: boolean, resolve: Resolve, signal: AbortSignal): Promise<PageHost> {
  const name = nameOf(url);
  const addresses = isIP(name) === 0 ? await resolve(name, signal) : [name];
  if (addresses.length === 0) throw new PageRefused('unreachable');
  if (!addresses.every((address) => (isNamed ? isIP(address) !== 0 : isPublicAddress(address))))
    throw new PageRefused('address');
  return { name, addresses, port: portOf(url), isSecure: url.protocol === 'https:' };
}

/**
 * Asks name servers itself. The system's look-up also reads the hosts file, whose names are private ones, and it can't
 * be given up: a silent name server of somebody's choice would hold the threads in which passwords are hashed.
 */
export const askNameServers: Resolve = async (name, signal) => {
  const resolver = new Resolver({ timeout: Math.ceil(limits.previewTimeoutMs / 4), tries: 2 });
  const giveUp = () => resolver.cancel();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve6(name), resolver.resolve4(name)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
};

/** For hosts that an administrator named, by whatever the system knows them: the hosts file, a search list. */
export const askSystem: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);
