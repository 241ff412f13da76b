import { type RestApi, fetchRestApi } from '@cloudhop/sdk';

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
export function restApi(base: string, jar: CookieJar, isOver: () => boolean): RestApi {
  return fetchRestApi(base, async (url, init) => {
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie: jar.header } });
    if (isOver()) throw new Error('the page is closed');
    jar.take(response);
    return response;
  });
}
