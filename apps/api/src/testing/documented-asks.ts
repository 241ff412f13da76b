import { type ErrorCode, type RouteName, errorCodes, routes } from '@cloudhop/contracts';
import type { OpenApi } from './open-api';

export interface Ask {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** The visitor's by default. */
  token?: string | null;
}

/** Asks routes over REST, and holds every answer against the document. */
export class DocumentedAsks {
  /** Responses by route, from which the routes that no spec called can be listed. */
  readonly answered = new Map<RouteName, Set<number>>();

  constructor(
    private readonly url: () => string,
    private readonly openApi: () => OpenApi,
    /** Returns the token of requests that name no other. */
    private readonly token: () => string,
  ) {}

  /** Asks a route, and holds the answer against the document: status, body, type and headers. */
  readonly ask = async (name: RouteName, { params = {}, query = '', body, headers = {}, token }: Ask = {}) => {
    const { method, path, security } = routes[name];
    const target = path.replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(params[parameter]!));
    const bearer = token === undefined ? this.token() : token;
    const response = await fetch(`${this.url()}/api${target}${query}`, {
      method,
      headers: {
        ...(security === 'bearer' && bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(method !== 'GET' && { body: typeof body === 'string' ? body : JSON.stringify(body ?? {}) }),
    });
    const text = await response.text();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    expect({ name, status: response.status, problems: this.openApi().problems(name, response.status, json) }).toEqual({
      name,
      status: response.status,
      problems: [],
    });
    if (text !== '') expect(response.headers.get('content-type')).toContain('application/json');
    // Probes are never limited.
    const isLimited = !name.startsWith('health.');
    for (const header of isLimited ? ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'] : [])
      expect([name, header, response.headers.get(header)]).toEqual([name, header, expect.stringMatching(/^\d+$/)]);
    this.answered.set(name, (this.answered.get(name) ?? new Set()).add(response.status));
    const found = response.headers.getSetCookie().find((each) => each.startsWith('cloudhop_refresh='));
    return { status: response.status, json, cookie: found?.split(';')[0], response };
  };

  /** Asks, and holds the answer to be this refusal. */
  readonly refused = async (name: RouteName, code: ErrorCode, asked?: Ask): Promise<void> => {
    const { status, json } = await this.ask(name, asked);
    expect({ name, status, json }).toMatchObject({ name, status: errorCodes[code][0], json: { error: { code } } });
  };
}
