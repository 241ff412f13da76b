export interface RedisHost {
  host: string;
  port: number;
}

/** Servers of REDIS_URL, and the way to them. */
export interface RedisConfig {
  kind: 'server' | 'sentinel' | 'cluster';
  /** The server, the sentinels, or some nodes of the cluster. */
  hosts: readonly [RedisHost, ...RedisHost[]];
  isTls: boolean;
  username?: string;
  password?: string;
  /** Number of the database of a server or of a sentinel's primary. */
  db: number;
  /** Name under which the sentinels know the primary. */
  primaryName?: string;
}

const ports = { server: 6379, sentinel: 26_379, cluster: 6379 } as const;

const advice = 'must be like redis://user:password@host:6379/0, with rediss:// for TLS';
const kinds = 'redis-sentinel://user:password@host1,host2/primary-name, or redis-cluster://user:password@host1,host2';

/**
 * Parses REDIS_URL: `redis://` or `rediss://` (TLS) for one server; `redis-sentinel://` and `redis-cluster://`, or
 * `rediss-…`, with several hosts separated by commas. User and password are percent-encoded. Throws an Error whose
 * message follows the name of the variable.
 */
export function parseRedisUrl(text: string): RedisConfig {
  const match =
    /^redis(?<tls>s?)(?:-(?<kind>sentinel|cluster))?:\/\/(?:(?<login>[^/]*)@)?(?<hosts>[^/@?#]+)(?:\/(?<path>[^?#]*))?$/.exec(
      text.trim(),
    );
  if (!match?.groups) throw new Error(`${advice}, or ${kinds}`);
  const {
    tls,
    kind = 'server',
    login,
    hosts: hostList,
    path = '',
  } = match.groups as {
    tls: string;
    kind?: RedisConfig['kind'];
    login?: string;
    hosts: string;
    path?: string;
  };
  const hosts = hostList.split(',').map((host) => parseHost(host, ports[kind]));
  if (kind === 'server' && hosts.length > 1) throw new Error(`names several hosts: use ${kinds}`);
  const [username, password] = parseLogin(login);
  return {
    kind,
    hosts: hosts as [RedisHost, ...RedisHost[]],
    isTls: tls === 's',
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...parsePath(kind, decode(path)),
  };
}

/** Returns the hosts without user and password, for logs. */
export function describeRedis({ kind, hosts, isTls }: RedisConfig): string {
  const scheme = `redis${isTls ? 's' : ''}${kind === 'server' ? '' : `-${kind}`}`;
  return `${scheme}://${hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',')}`;
}

function parsePath(kind: RedisConfig['kind'], path: string): Pick<RedisConfig, 'db' | 'primaryName'> {
  if (kind === 'sentinel') {
    const [primaryName = '', db = '0'] = path.split('/');
    if (primaryName === '') throw new Error(`names no primary: use ${kinds}`);
    return { primaryName, db: parseDb(db) };
  }
  if (kind === 'cluster' && path !== '' && path !== '0') throw new Error('names a database: a cluster has only one');
  return { db: parseDb(path === '' ? '0' : path) };
}

function parseDb(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new Error(`names the database ${text}, which is not a number`);
  return Number(text);
}

function parseHost(text: string, defaultPort: number): RedisHost {
  const [, v6, name, port] = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? [];
  const host = v6 ?? name;
  if (host === undefined) throw new Error(`names the host ${text.trim() || '(empty)'}, which is none: ${advice}`);
  const number = port === undefined ? defaultPort : Number(port);
  if (number < 1 || number > 65_535) throw new Error(`names the port ${port}: ports end at 65535`);
  return { host, port: number };
}

function parseLogin(login: string | undefined): [username: string, password: string] {
  if (login === undefined) return ['', ''];
  const colon = login.indexOf(':');
  if (colon === -1) return [decode(login), ''];
  return [decode(login.slice(0, colon)), decode(login.slice(colon + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a % that is not part of an escape: write %25 for it');
  }
}
