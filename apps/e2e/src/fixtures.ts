import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, expect, type Page, test as base } from '@playwright/test';
import { composerOf } from './people';
import { Server } from './server';

/** Marks a test that behaves the same on every screen: it runs on the large one only. */
export const onOneScreen = { tag: '@one-screen' };

interface Strangers {
  (count: 1): Promise<[Page]>;
  (count: 2): Promise<[Page, Page]>;
  (count: 3): Promise<[Page, Page, Page]>;
}

interface PerTest {
  /** Opens the lobby in `count` browsers with separate sessions. */
  strangers: Strangers;
  /** Fails if axe finds a violation on the current page. */
  expectAccessible: (page: Page) => Promise<void>;
}

interface PerWorker {
  /** The server of this worker; a test that stops it starts it again. */
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
    const open = async (): Promise<Page> => {
      const page = await (await browser.newContext({ baseURL })).newPage();
      opened.push(page);
      page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
      page.on('console', (message) => {
        // NG0750 is a screen that could not be loaded; tests check its offline state themselves.
        if (/Content Security Policy|ExpressionChanged|NG0(?!750)\d+/.test(message.text()))
          problems.push(message.text());
      });
      await page.goto('/');
      // A busy machine needs a while for the first page.
      await expect(composerOf(page)).toBeEditable({ timeout: 30_000 });
      return page;
    };
    await use(((count: number) => Promise.all(Array.from({ length: count }, open))) as Strangers);
    await photographFailure(browser);
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

/**
 * Attaches a screenshot of every page to a failed test. Playwright's own option takes one whenever a page closes
 * before the test ends, at half a second per passing test.
 */
async function photographFailure(browser: Browser): Promise<void> {
  const info = test.info();
  if (info.status === info.expectedStatus) return;
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    const path = info.outputPath(`page-${index + 1}.png`);
    // A crashed page can't be photographed.
    const isThere = await page.screenshot({ path }).then(
      () => true,
      () => false,
    );
    if (isThere) await info.attach('page', { path, contentType: 'image/png' });
  }
}

export { expect };
