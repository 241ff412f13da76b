/** Reason why Redis can't be used, by which documents and status pages name it. */
export type RedisProblemCode =
  | 'unreachable'
  | 'password_missing'
  | 'password_wrong'
  | 'not_permitted'
  | 'too_old'
  | 'read_only'
  | 'loading'
  | 'wrong_kind'
  | 'certificate';

export interface RedisProblem {
  code: RedisProblemCode;
  /** One sentence for operators, without host, user and password. */
  sentence: string;
}

/** Oldest Redis that is supported: ACL rules for channels, and sharded channels in a cluster from 7 on. */
const oldestRedis = { server: 6, cluster: 7 } as const;

const sentences: Record<RedisProblemCode, string> = {
  unreachable: 'Redis can’t be reached: check REDIS_URL, rediss:// for TLS, and the network.',
  password_missing: 'Redis needs a password: put it into REDIS_URL as redis://:password@host.',
  password_wrong: 'Redis refuses the user or the password of REDIS_URL.',
  not_permitted: 'The user of REDIS_URL may not publish or subscribe on cloudhop:* (ACL).',
  too_old: `Redis is too old: version ${oldestRedis.server} or newer is needed, ${oldestRedis.cluster} for a cluster.`,
  read_only: 'Redis is a read-only replica: REDIS_URL must name the primary, or the sentinels.',
  loading: 'Redis is still loading its data.',
  wrong_kind: 'REDIS_URL doesn’t fit this Redis: use redis-cluster:// for a cluster, and redis:// for a single server.',
  certificate: 'The TLS certificate of Redis isn’t trusted: set NODE_EXTRA_CA_CERTS for a CA of your own.',
};

export const redisProblem = (code: RedisProblemCode): RedisProblem => ({ code, sentence: sentences[code] });

const patterns: readonly [RegExp, RedisProblemCode][] = [
  [/NOAUTH/, 'password_missing'],
  [/WRONGPASS|invalid password|invalid username/i, 'password_wrong'],
  [/NOPERM/, 'not_permitted'],
  [/READONLY/, 'read_only'],
  [/LOADING/, 'loading'],
  [/unknown command|wrong number of arguments for 'auth'/i, 'too_old'],
  [/cluster support disabled|MOVED|CROSSSLOT|SELECT is not allowed in cluster mode/i, 'wrong_kind'],
  [/certificate|self.signed|wrong version number|SSL|EPROTO|altnames/i, 'certificate'],
];

/** Returns the problem behind an error of the client, looking at the errors that a cluster collects too. */
export function problemOf(error: unknown): RedisProblem {
  const text = textsOf(error).join(' ');
  return redisProblem(patterns.find(([pattern]) => pattern.test(text))?.[1] ?? 'unreachable');
}

function textsOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 3) return [String(error)];
  const { code, lastNodeError, cause } = error as Error & { code?: string; lastNodeError?: unknown };
  const inner = [lastNodeError, cause].filter((each) => each !== undefined);
  return [error.message, code ?? '', ...inner.flatMap((each) => textsOf(each, depth + 1))];
}

/** Returns the problem that INFO shows; undefined if the server is fit for use. */
export function problemOfInfo(info: string, kind: 'server' | 'cluster'): RedisProblem | undefined {
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
  const major = Number.parseInt(field('redis_version') ?? '', 10);
  if (major < oldestRedis[kind]) return redisProblem('too_old');
  if (field('loading') === '1') return redisProblem('loading');
  if (kind === 'server' && field('cluster_enabled') === '1') return redisProblem('wrong_kind');
  if (kind === 'server' && field('role') === 'slave') return redisProblem('read_only');
  return undefined;
}
