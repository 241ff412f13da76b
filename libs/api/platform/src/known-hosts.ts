import { hostname } from 'node:os';
import { isIP } from 'node:net';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { DomainError } from './domain-error';
import type { Env } from './env';
import { eventLog } from './event-log';
import { limits } from './limits';

const log = eventLog('hosts');

/** Suffixes of names that public name servers don't resolve. */
const localSuffixes = ['local', 'lan', 'internal', 'home.arpa', 'localhost', 'test'];

/** Returns the name or address in a Host header, without port and brackets; undefined if it is none. */
function nameIn(host: string): string | undefined {
  const address = `http://${host}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname: name, host: whole, href } = new URL(address);
  // Nothing but a host: no name and password before it, no path after it.
  if (href !== `http://${whole}/`) return undefined;
  return name.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/**
 * Returns the refusal of a request by its Host, or undefined. With PUBLIC_URL, foreign pages are refused by their Origin.
 * Without it, the name of another site could resolve to this server's address (DNS rebinding), so only names that nobody
 * can register are accepted: IP addresses, names without a dot, names of local networks, and this machine's name. A
 * request without Host (HTTP/1.0) comes from a program and may pass.
 */
export function hostRefusal(
  host: string | undefined,
  env: Pick<Env, 'PUBLIC_URL' | 'HOST'>,
  machine = hostname(),
): DomainError | undefined {
  if (env.PUBLIC_URL !== undefined || host === undefined) return undefined;
  const name = nameIn(host);
  if (name !== undefined) {
    const own = [machine, env.HOST].map((each) => each.toLowerCase());
    const isLocal = localSuffixes.some((suffix) => name.endsWith(`.${suffix}`));
    if (isIP(name) !== 0 || !name.includes('.') || isLocal || own.includes(name)) return undefined;
  }
  const shown = name ?? 'no host name';
  return new DomainError('unknown_host', {
    message: `This server does not answer to the Host "${shown}": set PUBLIC_URL to the address that people type.`,
  });
}

/** Check of a Host: returns its refusal, or undefined. */
export type HostPolicy = (host: string | undefined) => DomainError | undefined;

/**
 * Returns hostRefusal for this process. Logs each refused name once, up to limits.loggedHosts: a scan must not fill the
 * log.
 */
export function hostPolicy(env: Pick<Env, 'PUBLIC_URL' | 'HOST'>): HostPolicy {
  const logged = new Set<string>();
  return (host) => {
    const refusal = hostRefusal(host, env);
    if (refusal && logged.size < limits.loggedHosts && !logged.has(refusal.message)) {
      logged.add(refusal.message);
      log.warn('unknown_host', { header: 'Host', reason: refusal.message });
    }
    return refusal;
  };
}

/**
 * Refuses requests by their Host: with an error body below /api, with a sentence elsewhere. Probes may use any name.
 */
export function refuseUnknownHosts(policy: HostPolicy): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const refusal = request.path.startsWith('/api/health/') ? undefined : policy(request.headers.host);
    if (!refusal) return next();
    if (/^\/api(?:\/|$)/.test(request.path)) return next(refusal);
    response.setHeader('Cache-Control', 'no-store');
    response.status(refusal.status).type('text/plain').send(`${refusal.message}\n`);
  };
}
