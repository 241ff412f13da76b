import { createHmac, timingSafeEqual } from 'node:crypto';

/** Content of a genuine refresh token: the family, which is the session's id, and the token's number in it. */
export interface RefreshToken {
  sessionId: string;
  n: number;
}

const form =
  /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;

/**
 * Returns the text of a refresh token. It is derived, not random: the same key, family and number give the same text,
 * so a lost response can be repeated without storing tokens.
 */
export function writeRefreshToken(key: string, { sessionId, n }: RefreshToken): string {
  return `${sessionId}.${n}.${mac(key, sessionId, n).toString('base64url')}`;
}

/** Parses a refresh token. Returns undefined if none of `keys` signed it. Takes the same time for every wrong code. */
export function readRefreshToken(keys: readonly string[], text: string): RefreshToken | undefined {
  const [, sessionId, digits, code] = form.exec(text) ?? [];
  if (sessionId === undefined || digits === undefined || code === undefined) return undefined;
  const n = Number(digits);
  const given = Buffer.from(code, 'base64url');
  const isGenuine = keys.some((key) => timingSafeEqual(given, mac(key, sessionId, n)));
  return isGenuine ? { sessionId, n } : undefined;
}

function mac(key: string, sessionId: string, n: number): Buffer {
  return createHmac('sha256', key).update(`cloudhop refresh token 1\n${sessionId}.${n}`).digest();
}
