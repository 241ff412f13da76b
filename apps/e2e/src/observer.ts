import { expect, request, type APIRequestContext } from '@playwright/test';

interface MessagePage {
  items: { id: string; seq: number; body: string }[];
  nextCursor?: string;
}

/** Program that reads and writes the lobby over REST, to see the server's real state. */
export class Observer {
  readonly #api: APIRequestContext;
  readonly #lobby: string;

  private constructor(api: APIRequestContext, lobby: string) {
    this.#api = api;
    this.#lobby = lobby;
  }

  static async join(baseURL: string): Promise<Observer> {
    const entrance = await request.newContext({ baseURL });
    const welcome = await entrance.post('/api/auth/guest', { data: {} });
    expect(welcome.status(), await welcome.text()).toBe(201);
    const session = (await welcome.json()) as { accessToken: string };
    await entrance.dispose();
    const api = await request.newContext({
      baseURL,
      extraHTTPHeaders: { authorization: `Bearer ${session.accessToken}` },
    });
    const list = (await (await api.get('/api/conversations')).json()) as { items: { id: string; kind: string }[] };
    return new Observer(api, list.items.find((conversation) => conversation.kind === 'lobby')!.id);
  }

  /** Posts `size` messages at a time until all are stored, in any order. */
  async post(bodies: readonly string[], size = 20): Promise<void> {
    for (let from = 0; from < bodies.length; from += size)
      await Promise.all(
        bodies.slice(from, from + size).map(async (body) => {
          const answer = await this.#api.post(`/api/conversations/${this.#lobby}/messages`, { data: { body } });
          expect(answer.status(), await answer.text()).toBe(201);
        }),
      );
  }

  /** Returns the stored texts that contain `text`, oldest first, of the latest thousand. */
  async stored(text: string): Promise<string[]> {
    const found: string[] = [];
    let before: string | undefined;
    for (let page = 0; page < 10; page++) {
      const answer = await this.#api.get(`/api/conversations/${this.#lobby}/messages`, {
        params: { limit: 100, ...(before === undefined ? {} : { before }) },
      });
      expect(answer.status(), await answer.text()).toBe(200);
      const { items, nextCursor } = (await answer.json()) as MessagePage;
      found.unshift(...items.map((message) => message.body).filter((body) => body.includes(text)));
      if (nextCursor === undefined) break;
      before = nextCursor;
    }
    return found;
  }

  async leave(): Promise<void> {
    await this.#api.dispose();
  }
}
