import type { ErrorBody, Session, SessionInfo, User } from '@cloudhop/contracts';
import type { HttpOutcome, SessionApi } from '../shell/options';

const timeoutMs = 10_000;
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * The client's REST calls, to `base` or the page's own origin. `send` is the browser's fetch, with its cookies; programs
 * give their own.
 */
export function fetchSessionApi(
  base = '',
  send: (url: string, init: RequestInit) => Promise<Response> = (url, init) =>
    fetch(url, { ...init, credentials: 'same-origin' }),
): SessionApi {
  const call = async <T>(method: Method, path: string, body?: unknown, token?: string): Promise<HttpOutcome<T>> => {
    try {
      const response = await send(`${base}/api${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
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
    register: (token, account) => call<Session>('POST', '/auth/register', account, token),
    logIn: (account) => call<Session>('POST', '/auth/login', account),
    recover: (recovery) => call<Session>('POST', '/auth/recover', recovery),
    makeRecoveryCodes: (token, proof) => call<{ codes: string[] }>('POST', '/auth/recovery-codes', proof, token),
    changePassword: (token, change) => call<undefined>('POST', '/auth/password', change, token),
    listSessions: (token) => call<{ items: SessionInfo[] }>('GET', '/auth/sessions', undefined, token),
    endSession: (token, sessionId) => call<undefined>('DELETE', `/auth/sessions/${sessionId}`, undefined, token),
    endSessions: (token) => call<undefined>('DELETE', '/auth/sessions', undefined, token),
  };
}
