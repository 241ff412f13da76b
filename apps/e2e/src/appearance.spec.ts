import type { Page } from '@playwright/test';
import { expect, onOneScreen, test } from './fixtures';
import { composerOf, dismiss, linesOf, openMenu, sayAndArrive, showPeople, unique } from './people';

/** Fails if anything is wider than the window. */
async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll<HTMLElement>('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return (
        box.width > 0 &&
        box.height > 0 &&
        box.right > width + 1 &&
        getComputedStyle(element).visibility === 'visible' &&
        !element.closest('[aria-hidden=true], .visually-hidden')
      );
    });
    return {
      scrolls: document.documentElement.scrollWidth - width,
      wide: wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)),
    };
  });
  expect(overflow).toEqual({ scrolls: 0, wide: [] });
}

const screens = [
  ['/chats', 'Chats'],
  ['/friends', 'Friends'],
  ['/settings', 'Settings'],
  ['/status', 'Status'],
] as const;

for (const width of [390, 320])
  test(`nothing overflows at ${width} px, and one can always write`, async ({ strangers }) => {
    test.skip(width === 390 && test.info().project.name === 'desktop', 'it fits where even less has room');
    const [ada] = await strangers(1);
    await ada.setViewportSize({ width, height: 700 });
    await sayAndArrive(ada, unique(`longword${'x'.repeat(300)}`));
    await sayAndArrive(ada, unique('https://example.org/' + 'a-very-long-path/'.repeat(12)));
    await expectNoOverflow(ada);
    await expect(composerOf(ada)).toBeInViewport({ ratio: 1 });
    await expect(ada.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 });
    await showPeople(ada);
    await expectNoOverflow(ada);
    for (const [path, title] of screens) {
      await ada.goto(path);
      await expect(ada.getByRole('heading', { name: title, exact: true })).toBeVisible();
      await expectNoOverflow(ada);
    }
  });

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing in the ${colorScheme} theme`, async ({ strangers, expectAccessible }) => {
    const [ada, ben] = await strangers(2);
    await ada.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const text = unique('for axe');
    await sayAndArrive(ben, text);
    await sayAndArrive(ada, unique('of my own https://example.org'));
    await expect(linesOf(ada, text)).toHaveCount(1);
    await expectAccessible(ada);
    await openMenu(ada, linesOf(ada, text));
    await expectAccessible(ada);
    await dismiss(ada);
    await showPeople(ada);
    await expectAccessible(ada);
    for (const [path, title] of screens) {
      await ada.goto(path);
      await expect(ada.getByRole('heading', { name: title, exact: true })).toBeVisible();
      await expectAccessible(ada);
    }
  });

test('the theme follows the system, can be switched, and is remembered', async ({ strangers }) => {
  const [ada] = await strangers(1);
  const ground = () => ada.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await ada.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  await ada.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(ground).not.toBe(light);
  await ada.getByRole('button', { name: 'Switch to Blossom' }).first().click();
  await expect.poll(ground).toBe(light);
  await ada.reload();
  await expect(composerOf(ada)).toBeEditable();
  expect(await ground()).toBe(light);
});

test('the language follows the browser and can be switched', onOneScreen, async ({ browser, baseURL, strangers }) => {
  const context = await browser.newContext({ baseURL, locale: 'zh-TW' });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant');
  await expect(page.getByRole('textbox')).toBeEditable();
  await context.close();

  const [ada] = await strangers(1);
  await ada.goto('/settings');
  await ada.getByText('简体中文', { exact: true }).click();
  await expect(ada.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await ada.reload();
  await expect(ada.locator('html')).toHaveAttribute('lang', 'zh-Hans');
});

test('an idle page rests: nothing on it moves for long', async ({ strangers }) => {
  const [ada] = await strangers(1);
  await ada.emulateMedia({ reducedMotion: 'no-preference' });
  const moving = () => ada.evaluate(() => document.getAnimations().length);
  await expect.poll(moving, { timeout: 30_000, intervals: [1_000] }).toBe(0);
});

test('everything is done by keyboard alone', async ({ strangers }) => {
  test.skip(test.info().project.name === 'phone', 'a phone has no keyboard to walk with');
  const [ada, ben] = await strangers(2);
  const text = unique('by keyboard');
  const focused = () =>
    ada.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '',
    );
  /** Presses Tab until the focus is on an element whose name matches. */
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 60; presses++) {
      await ada.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    throw new Error(`Tab never came to ${name}`);
  };
  await ada.locator('body').press('Home');
  await tabTo(/^Message$/);
  await ada.keyboard.type(text);
  await ada.keyboard.press('Enter');
  await expect(linesOf(ben, text)).toHaveCount(1);
  // Back to the line, its menu, and an edit.
  for (let presses = 0; presses < 10 && !(await focused()).includes(text); presses++)
    await ada.keyboard.press('Shift+Tab');
  expect(await focused()).toContain(text);
  await ada.keyboard.press('Shift+F10');
  await expect(ada.getByRole('menu', { name: 'Message menu' })).toBeVisible();
  for (let presses = 0; presses < 20 && !/^Edit/.test(await focused()); presses++)
    await ada.keyboard.press('ArrowDown');
  await ada.keyboard.press('Enter');
  await expect(composerOf(ada)).toBeFocused();
  await ada.keyboard.press('End');
  await ada.keyboard.type(' and edited');
  await ada.keyboard.press('Enter');
  await expect(linesOf(ben, `${text} and edited`)).toHaveCount(1);
});
