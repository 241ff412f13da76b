import type { Page } from '@playwright/test';
import { goTo } from './acquaintances';
import { expect, test } from './fixtures';
import { sayAndArrive, unique } from './people';

/** Returns the value beside a term. */
const figureOf = (page: Page, term: string) =>
  page
    .locator('dl > div')
    .filter({ has: page.getByText(term, { exact: true }) })
    .locator('dd');

test('a guest sees how the servers do, and how well the browser is connected', async ({
  strangers,
  browser,
  baseURL,
  expectAccessible,
}) => {
  const [ada] = await strangers(2);
  await sayAndArrive(ada, unique('counted'));
  await goTo(ada, 'Settings');
  await ada.getByRole('link', { name: 'Show the status' }).click();
  await expect(ada.getByRole('heading', { level: 1, name: 'Status' })).toBeVisible();
  await expect(ada.getByRole('main').getByRole('status')).toHaveText('All is well.');
  const number = async (term: string) => Number(await figureOf(ada, term).textContent());
  await expect.poll(() => number('People online'), { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
  await expect.poll(() => number('Messages a minute')).toBeGreaterThanOrEqual(1);
  await expect(figureOf(ada, 'Round trip')).toHaveText(/^[\d,]+ ms$/);
  await expect(ada.getByText('Your connection')).toBeVisible();
  await expectAccessible(ada);

  const context = await browser.newContext({ baseURL, locale: 'zh-TW' });
  const page = await context.newPage();
  await page.goto('/status');
  await expect(page.getByRole('heading', { level: 1, name: '系統狀態' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('status')).toHaveText('一切正常。');
  await expect(figureOf(page, '往返時間')).toHaveText(/^[\d,]+ 毫秒$/);
  await expectAccessible(page);
  await context.close();
});
