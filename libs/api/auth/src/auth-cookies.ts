import type { Request, Response } from 'express';

/** Name and path of a cookie, which depend on the scheme of the page. */
export interface CookieShape {
  name: string;
  path: string;
  isSecure: boolean;
}

/**
 * Returns the shape of the cookie of a refresh token or of a device.
 *
 * On https the prefix `__Host-` keeps neighbouring hosts from planting a cookie; it demands Secure and the path /.
 * On plain http (a laptop, the local network) neither exists, so the path is as narrow as it can be.
 */
export function cookieShape(publicUrl: string | undefined, kind: 'refresh' | 'device' = 'refresh'): CookieShape {
  return publicUrl !== undefined && new URL(publicUrl).protocol === 'https:'
    ? { name: `__Host-cloudhop_${kind}`, path: '/', isSecure: true }
    : { name: `cloudhop_${kind}`, path: '/api/auth', isSecure: false };
}

/**
 * Returns each value that the request carries for the cookie: another site of the same host name may have added one.
 */
export function readCookie(shape: CookieShape, request: Pick<Request, 'headers'>): string[] {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${shape.name}=`))
    .map((pair) => pair.slice(shape.name.length + 1))
    .slice(0, 4);
}

/** Sets the cookie, out of reach of scripts and of other sites. */
export function writeCookie(shape: CookieShape, response: Response, value: string, maxAgeMs: number): void {
  response.cookie(shape.name, value, { ...attributes(shape), maxAge: maxAgeMs, encode: String });
}

/** Removes the cookie. */
export function clearCookie(shape: CookieShape, response: Response): void {
  response.clearCookie(shape.name, attributes(shape));
}

function attributes(shape: CookieShape) {
  return { httpOnly: true, sameSite: 'strict', secure: shape.isSecure, path: shape.path } as const;
}
