import type { ErrorBody, Session } from '@cloudhop/contracts';

export interface Asked {
  method?: string;
  /** Sent with POST. */
  body?: unknown;
  /** Each as name=value. */
  cookies?: readonly string[];
  token?: string | undefined;
}

export interface Answer<T> {
  status: number;
  body: T;
  code: string | undefined;
  retryAfterMs: number | undefined;
  /** Cookies that the answer sets, each as name=value. */
  cookies: string[];
}

/** Sends a REST request to the node at `url`, as Firefox on Windows. Returns its answer, whatever the status. */
export async function ask<T = Session>(
  url: string,
  path: string,
  { method = 'POST', body = {}, cookies = [], token }: Asked = {},
): Promise<Answer<T>> {
  const hasBody = method === 'POST';
  const response = await fetch(`${url}/api${path}`, {
    method,
    ...(hasBody && { body: JSON.stringify(body) }),
    headers: {
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  });
  const text = await response.text();
  const parsed = text === '' ? {} : (JSON.parse(text) as { error?: ErrorBody });
  return {
    status: response.status,
    body: parsed as T,
    code: parsed.error?.code,
    retryAfterMs: parsed.error?.retryAfterMs,
    cookies: response.headers.getSetCookie().map((line) => line.split(';')[0]!),
  };
}
