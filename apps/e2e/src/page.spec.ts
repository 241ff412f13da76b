import type { Page } from '@playwright/test';
import { befriend, called, goTo, lineOf, register, toastOf } from './acquaintances';
import { expect, onOneScreen, test } from './fixtures';
import { chooseCommand, composerOf, dismiss, linesOf, openMenu, say, sayAndArrive, showPeople, unique } from './people';

const isPhone = () => test.info().project.name === 'phone';

test('after a log-out one logs in again, or goes on as a guest', async ({ strangers, expectAccessible }) => {
  const [ada] = await strangers(1);
  const name = unique('ada').replace(' ', '-');
  await register(ada, name);
  await ada.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(ada.getByRole('button', { name: 'Continue as a guest' })).toBeVisible();
  await expectAccessible(ada);
  await ada.getByRole('link', { name: 'Log in' }).click();
  await expectAccessible(ada);
  await ada.getByRole('textbox', { name: 'Username' }).fill(name);
  await ada.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await ada.getByRole('button', { name: 'Log in' }).click();
  await expect(composerOf(ada)).toBeEditable();
  await goTo(ada, 'Settings');
  await expect(ada.getByText('Your devices')).toBeVisible();
  await ada.getByRole('button', { name: 'Log out', exact: true }).click();
  await ada.getByRole('button', { name: 'Continue as a guest' }).click();
  await expect(composerOf(ada)).toBeEditable();
});

test('what is typed in a conversation goes into the composer, and no key changes a message', async ({ strangers }) => {
  test.skip(isPhone(), 'a phone has no keyboard');
  const [ada, ben] = await strangers(2);
  await expect(composerOf(ada)).toBeFocused();
  const text = unique('to be kept');
  await sayAndArrive(ada, text);
  for (const key of 'epdcrfg+?1') {
    await linesOf(ada, text).getByText(text).click();
    await expect(composerOf(ada)).not.toBeFocused();
    await ada.keyboard.press(key);
    await expect(composerOf(ada)).toBeFocused();
    await expect(composerOf(ada)).toHaveValue(key);
    await composerOf(ada).fill('');
  }
  await linesOf(ada, text).getByText(text).click();
  await ada.keyboard.press('Delete');
  await sayAndArrive(ada, unique('barrier'));
  await expect(linesOf(ben, text)).toHaveCount(1);
  await expect(ada.getByText('Editing')).toHaveCount(0);
  await expect(ada.getByRole('dialog')).toHaveCount(0);
  await goTo(ada, 'Friends');
  await goTo(ada, 'Lobby');
  await expect(composerOf(ada)).toBeFocused();
});

test(
  'people who are mentioned show by what they are called, in the log and in lists',
  onOneScreen,
  async ({ strangers }) => {
    const [ada, ben] = await strangers(2);
    const username = unique('ada').replace(' ', '-');
    await register(ada, username);
    await goTo(ada, 'Lobby');
    const name = await called(ada, 'Ada L');
    await sayAndArrive(ada, unique('here'));
    const text = unique('hello');
    await say(ben, `@${username} ${text}`);
    await expect(linesOf(ben, text).getByRole('button', { name: `@${name}` })).toBeVisible();
    await expect(linesOf(ada, text).getByRole('button', { name: `@${name}` })).toHaveAttribute('title', `@${username}`);
    await expect(linesOf(ada, text)).toHaveAttribute('aria-label', new RegExp(`@${name}`));
  },
);

test('a list names a stranger who said something last', onOneScreen, async ({ strangers, browser }) => {
  const [ada, ben] = await strangers(2);
  const name = await called(ben, 'Ben');
  const room = unique('room').slice(0, 30);
  await goTo(ada, 'Rooms');
  await ada.getByRole('searchbox', { name: 'Enter a room name' }).fill(room);
  await ada.getByText(`Create “${room}”`).click();
  await expect(ada).toHaveURL(/\/r\/.+/);
  await ben.goto(new URL(ada.url()).pathname);
  const text = unique('from a stranger');
  await sayAndArrive(ben, text);
  await expect(linesOf(ada, text)).toHaveCount(1);
  // Another device of the same person: nothing is cached there.
  const storageState = await ada.context().storageState();
  const device = await browser.newContext({ baseURL: new URL(ada.url()).origin, storageState });
  const page = await device.newPage();
  await page.goto('/rooms');
  // With the tag: it always stands beside a guest's name.
  await expect(lineOf(page, room)).toContainText(new RegExp(`${name} #[0-9a-f]{6}: ${text}`));
  await device.close();
});

// friends.spec.ts shows a toast on a phone.
test(
  'a notification of a deleted message goes, and one of an edited message changes',
  onOneScreen,
  async ({ strangers }) => {
    const [ada, ben] = await strangers(2);
    const [adaName, benName] = [await called(ada, 'Ada'), await called(ben, 'Ben')];
    await befriend(ada, ben, adaName, benName);
    await goTo(ben, 'Friends');
    await dismissToast(ben);
    await openChat(ada, benName);
    // A toast disappears after seven seconds: on a slow machine the test repeats everything with another message.
    await expect(async () => {
      const secret = unique('secret');
      const shown = expect(toastOf(ben, secret)).toBeVisible();
      await Promise.all([shown, sayAndArrive(ada, secret)]);
      await chooseCommand(ada, secret, 'Edit');
      const edited = unique('edited');
      await composerOf(ada).fill(edited);
      await composerOf(ada).press('Enter');
      await expect(toastOf(ben, edited)).toBeVisible({ timeout: 3_000 });
      await expect(toastOf(ben, secret)).toHaveCount(0, { timeout: 100 });
      await chooseCommand(ada, edited, 'Delete');
      await expect(toastOf(ben, edited)).toHaveCount(0);
    }).toPass();
  },
);

/** Closes a toast, which a screen reader would announce together with the next one. */
async function dismissToast(page: Page): Promise<void> {
  await expect(page.locator('ch-toast-outlet ch-snackbar')).toHaveCount(0, { timeout: 15_000 });
}

async function openChat(page: Page, name: string): Promise<void> {
  await goTo(page, 'Friends');
  await page
    .getByRole('link', { name: new RegExp(name) })
    .or(page.getByRole('button', { name: new RegExp(`(Write|Message).*${name}`) }))
    .first()
    .click();
  await expect(composerOf(page)).toBeEditable();
}

test('Back on a phone closes what is open first, and never leaves the conversation for it', async ({ strangers }) => {
  test.skip(!isPhone(), 'a large screen has room for both');
  const [ada] = await strangers(1);
  await goTo(ada, 'Friends');
  await expect(ada.getByRole('heading', { level: 1, name: 'Friends' })).toBeVisible();
  await goTo(ada, 'Lobby');
  const text = unique('with a menu');
  await sayAndArrive(ada, text);
  await openMenu(ada, linesOf(ada, text));
  await ada.goBack();
  await expect(ada.getByRole('menu')).toHaveCount(0);
  await expect(composerOf(ada)).toBeVisible();
  await showPeople(ada);
  await ada.goBack();
  await expect(ada.locator('dialog[open]')).toHaveCount(0);
  await expect(composerOf(ada)).toBeVisible();
  // If it is gone already, there is nothing to press.
  await showPeople(ada);
  await dismiss(ada);
  await expect.poll(() => ada.evaluate(() => (history.state as { overlays?: number } | null)?.overlays ?? 0)).toBe(0);
  await ada.goBack();
  await expect(ada.getByRole('heading', { level: 1, name: 'Friends' })).toBeVisible();
});
