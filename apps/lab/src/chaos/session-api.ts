import type { ErrorBody, Session, User } from '@cloudhop/contracts';
import type { HttpOutcome, SessionApi } from '@cloudhop/sdk';

const timeoutMs = 10_000;

/** The cookies of one browser profile: devices of one user share it. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  take(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value) this.#cookies.set(name!, value);
      else this.#cookies.delete(name!);
    }
  }
}

/**
 * The client's REST calls as a browser makes them. `isOver` true means that the page was closed meanwhile: its answer,
 * cookie and all, is lost.
 */
export function sessionApi(base: string, jar: CookieJar, isOver: () => boolean): SessionApi {
  const call = async <T>(method: string, path: string, body: unknown, token?: string): Promise<HttpOutcome<T>> => {
    try {
      const response = await fetch(`${base}/api${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          cookie: jar.header,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer: unknown = response.status === 204 ? undefined : await response.json();
      if (isOver()) return { ok: false };
      jar.take(response);
      if (!response.ok) return { ok: false, error: (answer as { error: ErrorBody }).error };
      const serverTime = Date.parse(response.headers.get('date') ?? '');
      return { ok: true, data: answer as T, ...(Number.isFinite(serverTime) && { serverTime }) };
    } catch {
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
