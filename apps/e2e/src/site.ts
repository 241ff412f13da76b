import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Local web site that messages link to. */
export class Site {
  readonly #server: Server;
  /** The requested paths, in order. */
  readonly asked: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(request.url!);
      if (request.url === '/away') return response.writeHead(302, { location: 'http://169.254.169.254/secret' }).end();
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      return response.end(
        `<!doctype html><title>Trails &amp; huts</title><meta name="description" content="Two hours from town."><meta property="og:site_name" content="Walks">`,
      );
    });
  }

  static async open(): Promise<Site> {
    const site = new Site();
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  /** Returns the host as in LINK_PREVIEW_HOSTS. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
