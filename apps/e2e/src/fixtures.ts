import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test as base } from '@playwright/test';
import { Server } from './server';

interface PerTest {
  /** Opens the lobby in `count` browsers that know nothing of each other. */
  strangers: (count: number) => Promise<Page[]>;
  /** Fails when axe finds anything on the page as it is now. */
  expectAccessible: (page: Page) => Promise<void>;
}

interface PerWorker {
  /** The server of this worker; a test that ends it starts it again. */
  server: Server;
}

export const test = base.extend<PerTest, PerWorker>({
  server: [
    async ({}, use) => {
      const server = new Server();
      await server.create();
      await use(server);
      await server.destroy();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: ({ server }, use) => use(server.url),
  strangers: async ({ browser, baseURL }, use) => {
    const opened: Page[] = [];
    const problems: string[] = [];
    await use(async (count) => {
      const pages = await Promise.all(
        Array.from({ length: count }, async () => {
          const page = await (await browser.newContext({ baseURL })).newPage();
          page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
          page.on('console', (message) => {
            if (/Content Security Policy|ExpressionChanged|NG0\d+/.test(message.text())) problems.push(message.text());
          });
          await page.goto('/');
          await expect(composerOf(page)).toBeEditable();
          return page;
        }),
      );
      opened.push(...pages);
      return pages;
    });
    await Promise.all(opened.map((page) => page.context().close()));
    expect(problems, 'the page reports no error of its own').toEqual([]);
  },
  expectAccessible: async ({}, use) => {
    await use(async (page) => {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      expect(
        violations.map(
          ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
        ),
      ).toEqual([]);
    });
  },
});

export { expect };

/** The field in which a person writes. */
export const composerOf = (page: Page) => page.getByRole('textbox', { name: /message/i });
/** The conversation's lines. */
export const logOf = (page: Page) => page.getByRole('log');
/** The lines that hold `text`. */
export const linesOf = (page: Page, text: string) => logOf(page).getByRole('article').filter({ hasText: text });
