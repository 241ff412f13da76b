import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { isHttps, type Env } from '../env';

const nonces = new WeakMap<IncomingMessage, string>();

/** The nonce of this request's Content-Security-Policy; scripts and styles that carry it may run. */
export function nonceOf(request: IncomingMessage): string {
  const known = nonces.get(request);
  if (known !== undefined) return known;
  const nonce = randomBytes(16).toString('base64');
  nonces.set(request, nonce);
  return nonce;
}

/** Old Safari does not count its own WebSocket as 'self'. A Host that is none would end the directive, or the header. */
function ownSockets(request: IncomingMessage): string {
  const host = request.headers.host ?? '';
  return /^[a-z0-9.-]+(:\d+)?$|^\[[0-9a-f:.]+\](:\d+)?$/i.test(host) ? `ws://${host} wss://${host}` : "'self'";
}

const nonceSource = (request: IncomingMessage) => `'nonce-${nonceOf(request)}'`;

function pagePolicy(isSecure: boolean): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", nonceSource],
      styleSrc: ["'self'", nonceSource],
      imgSrc: ["'self'", 'blob:', 'data:'],
      connectSrc: ["'self'", ownSockets],
      fontSrc: ["'self'"],
      mediaSrc: ["'self'", 'blob:'],
      workerSrc: ["'self'"],
      objectSrc: ["'none'"],
      // The page names its own root as the base of its addresses.
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      ...(isSecure && { upgradeInsecureRequests: [] }),
    },
  });
}

/** Swagger UI writes its style into its page; its scripts are files. */
function documentationPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

/**
 * The headers of every answer. Over plain http nothing is sent that would keep a phone on the same network from using
 * the page: no HSTS, no upgrade to https, no isolation headers that browsers then complain of.
 */
export function securityHeaders(env: Pick<Env, 'PUBLIC_URL'>): RequestHandler {
  const isSecure = isHttps(env);
  const others = helmet({
    contentSecurityPolicy: false,
    // Other hosts below the same domain may not have https: each speaks for itself.
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: isSecure,
    originAgentCluster: isSecure,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  const page = pagePolicy(isSecure);
  const documentation = documentationPolicy();
  return (request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Permissions-Policy', 'microphone=(self), camera=(self)');
    const isDocumentation = request.path === '/api/docs' || request.path.startsWith('/api/docs/');
    const policy = isDocumentation ? documentation : page;
    others(request, response, (error?: unknown) => (error ? next(error) : policy(request, response, next)));
  };
}
