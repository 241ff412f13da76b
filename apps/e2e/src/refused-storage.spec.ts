import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { expect, onOneScreen, test } from './fixtures';
import { composerOf, linesOf, sayAndArrive, unique } from './people';

/** Runs in the page before anything else: makes the named APIs throw on read, construction or call. */
const refusals: Record<string, () => void> = {
  'navigator.locks.request': () => {
    Object.defineProperty(navigator.locks, 'request', {
      value: () => {
        throw new DOMException('refused', 'SecurityError');
      },
    });
  },
  indexedDB: () => refuse(window, 'indexedDB'),
  localStorage: () => refuse(window, 'localStorage'),
  sessionStorage: () => refuse(window, 'sessionStorage'),
  caches: () => refuse(window, 'caches'),
  Notification: () => refuse(window, 'Notification'),
  BroadcastChannel: () => {
    window.BroadcastChannel = class {
      constructor() {
        throw new DOMException('refused', 'SecurityError');
      }
    } as unknown as typeof BroadcastChannel;
  },
  'navigator.serviceWorker': () => refuse(navigator, 'serviceWorker'),
};
declare function refuse(owner: object, name: string): void;
const helper = `function refuse(owner, name) {
  Object.defineProperty(owner, name, { configurable: true, get() { throw new DOMException('refused', 'SecurityError'); } });
}`;
const nothingKept = 'nothing is kept after you close it';

for (const names of [...Object.keys(refusals).map((name) => [name]), Object.keys(refusals)]) {
  const isEverything = names.length > 1;
  const title = `a browser that refuses ${isEverything ? 'everything' : names[0]} has a chat all the same`;
  // Refusals are the same on every screen; a phone is covered by the test that refuses everything.
  test(title, isEverything ? {} : onOneScreen, async ({ browser, baseURL, strangers }) => {
    const [ben] = await strangers(1);
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.addInitScript(`{ ${helper} ${names.map((name) => `(${refusals[name]!.toString()})();`).join('\n')} }`);
    await page.goto('/');
    await expect(composerOf(page)).toBeEditable({ timeout: 30_000 });
    const lost = page.getByText(nothingKept);
    await expect(lost).toHaveCount(names.includes('indexedDB') ? 1 : 0);
    if (!isEverything && names[0] === 'localStorage')
      await expect(page.getByText('remember your settings')).toBeVisible();
    if (names.includes('indexedDB')) {
      await page.getByRole('button', { name: 'Got it' }).click();
      await expect(lost).toHaveCount(0);
    }
    const text = unique('without storage');
    await sayAndArrive(page, text);
    await expect(linesOf(ben, text)).toHaveCount(1);
    const answer = unique('and back');
    await sayAndArrive(ben, answer);
    await expect(linesOf(page, answer)).toHaveCount(1);
    await page.goto('/settings');
    await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible();
    expect(problems).toEqual([]);
    await context.close();
  });
}

test('a browser that blocks all cookies has a chat all the same', onOneScreen, async ({ baseURL, strangers }) => {
  const [ben] = await strangers(1);
  const profile = mkdtempSync(join(tmpdir(), 'cloudhop-e2e-profile-'));
  mkdirSync(join(profile, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 }, cookie_controls_mode: 1 } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
    locale: 'en-GB',
    baseURL: baseURL!,
  });
  try {
    const page = await context.newPage();
    const begun = page.waitForResponse('**/api/auth/guest');
    await page.goto('/');
    await expect(composerOf(page)).toBeEditable({ timeout: 30_000 });
    // The session goes on after ten minutes: the page keeps its refresh token.
    expect(await (await begun).json()).toMatchObject({ refreshToken: expect.any(String) });
    await expect(page.evaluate(() => localStorage.length)).rejects.toThrow('Access is denied');
    await expect(page.getByText(nothingKept)).toBeVisible();
    const text = unique('without cookies');
    await sayAndArrive(page, text);
    await expect(linesOf(ben, text)).toHaveCount(1);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
