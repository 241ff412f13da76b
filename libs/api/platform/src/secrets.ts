import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { ConfigurationError, checkTogether } from './configuration-error';
import type { Env } from './env';

export interface SigningKey {
  /** Travels in the token's header, so that two keys can be valid at once. */
  kid: string;
  secret: string;
}

export interface Secrets {
  /** The first signs, all verify. */
  jwtKeys: readonly [SigningKey, ...SigningKey[]];
  /** Key of the HMAC from which refresh tokens are derived. */
  refreshKey: string;
}

/** The token by which Secrets are injected. */
export const SECRETS = Symbol('SECRETS');

/** Characters that a secret has at least: those of 24 random bytes in base64. */
const shortest = 32;
const example = /example|change.?me|secret|password|^(.)\1+$/i;

const StoredSecrets = z.object({ jwt: z.string().min(shortest), refresh: z.string().min(shortest) });

/** A key is named by what it is, so that every node gives it the same name. */
function signingKey(secret: string): SigningKey {
  return { kid: createHash('sha256').update(secret).digest('base64url').slice(0, 8), secret };
}

function requireStrong(name: string, secret: string): string {
  if (secret.length < shortest)
    throw new ConfigurationError(`${name} is too short: give it ${shortest} random characters or more.`);
  if (example.test(secret)) throw new ConfigurationError(`${name} looks like an example: give it random characters.`);
  return secret;
}

function readOrMake(dataDir: string): z.output<typeof StoredSecrets> {
  const path = join(dataDir, 'secrets.json');
  if (!existsSync(path)) make(path);
  const stored = StoredSecrets.safeParse(parseFile(path));
  if (stored.success) return stored.data;
  throw new ConfigurationError(`${path} can't be read: restore it, or delete it, which signs everyone out.`);
}

/** Linked into place, whole: a crash leaves no half of it, and of two first starts at once one wins for both. */
function make(path: string): void {
  const made = { jwt: randomBytes(48).toString('base64url'), refresh: randomBytes(48).toString('base64url') };
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(made), { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Reads a secret of the environment. In production a missing one throws a ConfigurationError. */
function given(env: Env, name: 'JWT_SECRET' | 'REFRESH_SECRET' | 'JWT_SECRET_PREVIOUS'): string | undefined {
  const secret = env[name];
  if (secret !== undefined) return requireStrong(name, secret);
  if (env.NODE_ENV === 'production' && name !== 'JWT_SECRET_PREVIOUS')
    throw new ConfigurationError(`Set ${name}: in production it is never made up.`);
  return undefined;
}

/** Returns the secrets of the environment. Throws a ConfigurationError that lists all that are missing, short or examples. */
export function givenSecrets(env: Env) {
  return checkTogether({
    jwt: () => given(env, 'JWT_SECRET'),
    refresh: () => given(env, 'REFRESH_SECRET'),
    previous: () => given(env, 'JWT_SECRET_PREVIOUS'),
  });
}

/**
 * Returns the secrets of the environment, or those of DATA_DIR, which the first start makes with mode 0600. In production
 * they must be given. Throws as `givenSecrets`, and if the file can't be read.
 */
export function loadSecrets(env: Env): Secrets {
  const { jwt, refresh, previous } = givenSecrets(env);
  const stored = jwt === undefined || refresh === undefined ? readOrMake(env.DATA_DIR) : undefined;
  return {
    jwtKeys: [signingKey(jwt ?? stored!.jwt), ...(previous === undefined ? [] : [signingKey(previous)])],
    refreshKey: refresh ?? stored!.refresh,
  };
}
