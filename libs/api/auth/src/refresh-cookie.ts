import type { Request, Response } from 'express';

/** What a cookie is called and where it is sent, which depends on whether the page is served by https. */
export interface CookieShape {
  name: string;
  path: string;
  isSecure: boolean;
}

/**
 * On https the prefix `__Host-` keeps neighbouring hosts from planting a cookie; it demands Secure and the path /.
 * On plain http (a laptop, the local network) neither exists, so the path is as narrow as it can be.
 */
export function cookieShape(publicUrl: string | undefined, kind: 'refresh' | 'device' = 'refresh'): CookieShape {
  return publicUrl !== undefined && new URL(publicUrl).protocol === 'https:'
    ? { name: `__Host-cloudhop_${kind}`, path: '/', isSecure: true }
    : { name: `cloudhop_${kind}`, path: '/api/auth', isSecure: false };
}

/** Every value that the request carries for the cookie: another site of the same host name may have added one. */
export function readCookie(shape: CookieShape, request: Pick<Request, 'headers'>): string[] {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${shape.name}=`))
    .map((pair) => pair.slice(shape.name.length + 1))
    .slice(0, 4);
}

/** Gives the browser a token, out of reach of scripts and of other sites. */
export function writeCookie(shape: CookieShape, response: Response, token: string, maxAgeMs: number): void {
  response.cookie(shape.name, token, { ...attributes(shape), maxAge: maxAgeMs, encode: String });
}

/** Takes the cookie out of the browser. */
export function clearCookie(shape: CookieShape, response: Response): void {
  response.clearCookie(shape.name, attributes(shape));
}

function attributes(shape: CookieShape) {
  return { httpOnly: true, sameSite: 'strict', secure: shape.isSecure, path: shape.path } as const;
}
