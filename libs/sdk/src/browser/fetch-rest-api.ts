import { type ErrorBody, type RouteName, type RouteReply, endpoints, splitEndpoint } from '@cloudhop/contracts';
import type { HttpOutcome, RestApi, RouteCall } from '../shell/options';

const timeoutMs = 10_000;

/**
 * REST calls to `base` or the page's own origin. `send` is the browser's fetch, with its cookies; programs give their
 * own.
 */
export function fetchRestApi(
  base = '',
  send: (url: string, init: RequestInit) => Promise<Response> = (url, init) =>
    fetch(url, { ...init, credentials: 'same-origin' }),
): RestApi {
  return {
    async call<N extends RouteName>(name: N, input: RouteCall<N>, token?: string): Promise<HttpOutcome<RouteReply<N>>> {
      const { method, path } = splitEndpoint(endpoints[name]);
      const { params, query, body } = input as { params?: object; query?: object; body?: object };
      // A write without fields is one all the same: the server takes JSON only.
      const sent = body ?? (method === 'GET' || method === 'DELETE' ? undefined : {});
      try {
        const response = await send(`${base}/api${withParams(path, params)}${toQuery(query)}`, {
          method,
          headers: {
            ...(sent !== undefined && { 'content-type': 'application/json' }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
          ...(sent !== undefined && { body: JSON.stringify(sent) }),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const answer: unknown = response.status === 204 ? undefined : await response.json();
        if (!response.ok) return { ok: false, error: (answer as { error: ErrorBody }).error };
        const serverTime = Date.parse(response.headers.get('date') ?? '');
        return {
          ok: true,
          data: answer as RouteReply<N>,
          ...(Number.isFinite(serverTime) && { serverTime }),
        };
      } catch {
        // No answer, or none of ours: a proxy's page is not JSON.
        return { ok: false };
      }
    },
  };
}

function withParams(path: string, params: object = {}): string {
  const values = new Map(Object.entries(params));
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
}

function toQuery(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
