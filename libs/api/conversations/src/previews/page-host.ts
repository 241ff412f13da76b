import { limits } from '@cloudhop/api/platform';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { PageRefused } from './page-refused';
import { isPublicAddress } from './public-address';

/** Resolves all addresses of a name. Called once per name; its result is final. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A host with checked addresses, the only ones to connect to. */
export interface PageHost {
  /** Name as in certificates; an address stands without brackets. */
  name: string;
  port: number;
  isSecure: boolean;
  addresses: readonly string[];
}

/** Suffixes of private networks and single machines (RFC 6761, 6762, 8375 and convention). */
const innerEndings =
  /\.(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|invalid|onion|alt)$/;

/** Returns the port of an address, also if it is implicit. */
const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** Returns the key of an address in `allowedHosts`: host:port as `URL` writes them, always with the port. */
export const hostKey = (url: URL): string => `${url.hostname}:${portOf(url)}`;

/**
 * Checks an address without resolving it. `isNamed`: an administrator has allowed this host and port. Throws
 * PageRefused.
 */
export function checkAddress(url: URL, isNamed: boolean): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new PageRefused('scheme');
  if (url.username !== '' || url.password !== '') throw new PageRefused('url');
  if (isNamed) return;
  // URL drops the default port of its scheme: any remaining one is another, including 443 without TLS.
  if (url.port !== '') throw new PageRefused('port');
  if (isIP(nameOf(url)) === 0 && !isPublicName(url.hostname)) throw new PageRefused('host');
}

/**
 * Returns true for a name with a dot and no empty label: a trailing dot would be another spelling, unknown to
 * certificates.
 */
function isPublicName(name: string): boolean {
  const labels = name.split('.');
  return labels.length > 1 && !labels.includes('') && !innerEndings.test(name);
}

function nameOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/**
 * Resolves the host of an address that passed checkAddress. One address that is not public refuses them all: a name
 * with public and private addresses is a mistake or an attack.
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
 * Resolves a name by name servers. The system's look-up also reads the hosts file, which has private names, and can't
 * be cancelled: a slow name server would block the threads that hash passwords.
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

/** Resolves an allowed host by the system: hosts file and search list. */
export const askSystem: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);
