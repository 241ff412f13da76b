import type { ErrorBody, Session, User } from '@cloudhop/contracts';
import type { HttpOutcome, SessionApi } from '../shell/options';

const timeoutMs = 10_000;

/** The client's REST calls by fetch, to `base` or the page's own origin. */
export function fetchSessionApi(
  base = '',
  cookies: Pick<RequestInit, 'credentials'> = { credentials: 'same-origin' },
): SessionApi {
  const call = async <T>(method: string, path: string, body: unknown, token?: string): Promise<HttpOutcome<T>> => {
    try {
      const response = await fetch(`${base}/api${path}`, {
        method,
        ...cookies,
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer: unknown = response.status === 204 ? undefined : await response.json();
      if (!response.ok) return { ok: false, error: (answer as { error: ErrorBody }).error };
      const serverTime = Date.parse(response.headers.get('date') ?? '');
      return { ok: true, data: answer as T, ...(Number.isFinite(serverTime) && { serverTime }) };
    } catch {
      // No answer, or none of ours: a proxy's page is not JSON.
      return { ok: false };
    }
  };
  return {
    guest: () => call<Session>('POST', '/auth/guest', {}),
    refresh: () => call<Session>('POST', '/auth/refresh', {}),
    logOut: () => call<undefined>('POST', '/auth/logout', {}),
    rename: (token, displayName) => call<User>('PATCH', '/auth/me', { displayName }, token),
  };
}
