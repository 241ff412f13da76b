import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { ConfigurationError } from './configuration-error';
import { parseTrustedProxies } from './client-address';
import { parseRedisUrl } from './redis/redis-url';

const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional());

const port = z.coerce.number<string>('must be a number').pipe(z.int('must be a whole number').min(0).max(65_535));

/** Longest wait for load balancers. Process managers kill a process that takes longer to stop. */
const drainDelayMaxMs = 120_000;

/** A host with its port as URLs have them: in punycode, and addresses in their shortest form. */
function canonicalHost(text: string): string | undefined {
  const [, port] = /:(\d{1,5})$/.exec(text.trim()) ?? [];
  const address = `http://${text.trim()}`;
  if (port === undefined || !URL.canParse(address)) return undefined;
  const { hostname, host, href } = new URL(address);
  // Nothing but a host: no name and password before it, no path after it.
  return href === `http://${host}/` ? `${hostname}:${Number(port)}` : undefined;
}

const Environment = z.object({
  PORT: optional(port).transform((value) => value ?? 3000),
  HOST: optional(z.string()).transform((value) => value ?? '127.0.0.1'),
  DATA_DIR: optional(z.string()).transform((value) => resolve(value ?? './.data')),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })),
  DATABASE_URL: optional(
    z.url({ protocol: /^postgres(ql)?$/, error: 'must be a URL like postgres://user:password@host:5432/database' }),
  ),
  REDIS_URL: optional(z.string()).transform((value, context) => {
    if (value === undefined) return undefined;
    try {
      return parseRedisUrl(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not a URL of Redis' });
      return z.NEVER;
    }
  }),
  TRUSTED_PROXIES: optional(z.string()).transform((value, context) => {
    try {
      return parseTrustedProxies(value ?? '');
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof Error ? error.message : 'is not a list of addresses',
      });
      return z.NEVER;
    }
  }),
  METRICS_PORT: optional(z.string()).transform((value, context) => {
    if (value === undefined) return undefined;
    const [, host, number] = /^(?:(.+):)?(\d{1,5})$/.exec(value.trim()) ?? [];
    if (number !== undefined && Number(number) <= 65_535) return { host: host ?? '127.0.0.1', port: Number(number) };
    context.addIssue({ code: 'custom', message: 'must be a port, or an address and a port like 0.0.0.0:9464' });
    return z.NEVER;
  }),
  DRAIN_DELAY_MS: optional(
    z.coerce.number<string>('must be a number').pipe(z.int('must be whole milliseconds').min(0).max(drainDelayMaxMs)),
  ).transform((value) => value ?? 0),
  LINK_PREVIEWS: optional(z.enum(['on', 'off'])).transform((value) => value ?? 'on'),
  LINK_PREVIEW_HOSTS: optional(z.string()).transform((value, context): ReadonlySet<string> => {
    const named = (value ?? '').split(',').filter((host) => host.trim() !== '');
    const hosts = named.map(canonicalHost);
    if (hosts.every((host) => host !== undefined)) return new Set(hosts);
    context.addIssue({
      code: 'custom',
      message: 'must be hosts with their ports like wiki.local:80, separated by commas',
    });
    return z.NEVER;
  }),
  LIMITS_FILE: optional(z.string()),
  WEB_DIR: optional(z.string()).transform((value) => resolve(value ?? 'dist/apps/web/browser')),
  NODE_ENV: optional(z.enum(['development', 'test', 'production'])).transform((value) => value ?? 'development'),
  LOG_LEVEL: optional(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])).transform(
    (value) => value ?? 'info',
  ),
  JWT_SECRET: optional(z.string()),
  JWT_SECRET_PREVIOUS: optional(z.string()),
  REFRESH_SECRET: optional(z.string()),
});

/** Every variable the API reads, parsed. Nothing else looks at process.env. */
export type Env = z.output<typeof Environment>;

/** The token by which Env is injected. */
export const ENV = Symbol('ENV');

export const envNames = Object.keys(Environment.shape) as (keyof Env)[];

type Source = Record<string, string | undefined>;

/** Reads the variables. Throws a ConfigurationError that lists all that are wrong. */
export function loadEnv(source: Source = process.env): Env {
  const { env, problems } = readEnv(source);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return env;
}

/** Reads the variables, and returns a sentence for each that is wrong. A wrong one counts as not set. */
export function readEnv(source: Source = process.env): { env: Env; problems: readonly string[] } {
  const parsed = Environment.safeParse(source);
  if (parsed.success) return { env: parsed.data, problems: [] };
  const problems = new Map(
    parsed.error.issues.map(({ path, message }) => [String(path[0]), `${String(path[0])} ${message}; correct it.`]),
  );
  const usable = Object.fromEntries(Object.entries(source).filter(([name]) => !problems.has(name)));
  return { env: Environment.parse(usable), problems: [...problems.values()] };
}

/** True where the page is served over https, so that cookies and headers may insist on it. */
export function isHttps(env: Pick<Env, 'PUBLIC_URL'>): boolean {
  return env.PUBLIC_URL?.startsWith('https:') ?? false;
}

/** Reads a JSON file that the configuration names. */
export function readConfigurationFile(variable: keyof Env, path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigurationError(`${variable} names ${path}, which can't be read as JSON.`, { cause: error });
  }
}
