import type { Page } from '@playwright/test';
import { expect, onOneScreen, test } from './fixtures';
import { composerOf, dismiss, linesOf, say, sayAndArrive, unique } from './people';
import { befriend, called, doorOf, goTo, lineOf, logIn, register } from './acquaintances';

/** Opens the private conversation with a friend. */
async function talkTo(page: Page, name: string): Promise<void> {
  await goTo(page, 'Chats');
  await lineOf(page, name).getByRole('link').click();
  await expect(composerOf(page)).toBeEditable();
}

/** Returns the tag of a guest. */
function tagOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const { user } = (await (await fetch('/api/auth/guest', request)).json()) as { user: { tag: string } };
    return user.tag;
  });
}

/** Toggles a switch of the settings, by its label. */
async function flip(page: Page, name: RegExp): Promise<void> {
  await goTo(page, 'Settings');
  const saved = page.waitForResponse((response) => response.url().endsWith('/settings') && response.ok());
  await page.getByRole('switch', { name }).click();
  await saved;
}

// friends.spec.ts shows a private conversation on a phone.
test(
  'two friends, one of them on two devices: presence, typing, receipts, and badges that agree',
  onOneScreen,
  async ({ strangers, expectAccessible }) => {
    const [ada, ben, phone] = await strangers(3);
    const adaName = await called(ada, 'Ada');
    const benName = await called(ben, 'Ben');
    const username = unique('ben')
      .replaceAll(/[^a-z0-9]/gi, '')
      .slice(0, 20);
    await register(ben, username);
    await logIn(phone, username);
    await goTo(ben, 'Lobby');
    await befriend(ada, ben, adaName, benName);

    // Online while any device is connected, and offline as soon as none is.
    await goTo(ada, 'Friends');
    const line = ada.locator('ch-person-line').filter({ hasText: benName });
    await expect(line.getByText('Online')).toBeVisible();
    await ada.getByRole('button', { name: `Write to ${benName}` }).click();
    const first = unique('first');
    await sayAndArrive(ada, first);
    // Both devices agree, in the list and in the title.
    for (const page of [ben, phone]) {
      await expect(doorOf(page, 'Chats 1 unread')).toBeVisible();
      await expect(page).toHaveTitle(/^\(1\) /);
    }
    await expect(ada.getByText('delivered', { exact: true })).toBeVisible();
    await talkTo(phone, adaName);
    await expect(ada.getByText('read', { exact: true })).toBeVisible();
    for (const page of [ben, phone]) await expect(page).not.toHaveTitle(/^\(1\) /);
    await expectAccessible(ada);

    await composerOf(phone).pressSequentially('I am thi');
    await expect(ada.getByText(/ is typing$/)).toBeVisible();
    await composerOf(phone).fill('');
    await expect(ada.getByText(/ is typing$/)).toBeHidden();

    // Receipts end in both directions.
    await flip(ben, /^Show what I have read/);
    await talkTo(ben, adaName);
    await expect(linesOf(ben, first)).toHaveCount(1);
    const second = unique('second');
    await sayAndArrive(ada, second);
    await expect(linesOf(ben, second)).toHaveCount(1);
    await expect(ada.getByText('sent', { exact: true })).toBeVisible();
    await flip(ben, /^Show what I have read/);

    await flip(ben, /^Appear offline/);
    await goTo(ada, 'Friends');
    await expect(line.getByText('Online')).toBeHidden();
    await flip(ben, /^Appear offline/);
    await expect(line.getByText('Online')).toBeVisible();
    await phone.close();
    await ben.close();
    await expect(line.getByText(/^Last seen/)).toBeVisible({ timeout: 20_000 });
  },
);

test('a group: made with a friend, told who comes, muted, and a mention in it counts all the same', async ({
  strangers,
  expectAccessible,
}) => {
  const [ada, ben] = await strangers(2);
  const adaName = await called(ada, 'Ada');
  const benName = await called(ben, 'Ben');
  await befriend(ada, ben, adaName, benName);

  await goTo(ada, 'Chats');
  await ada.getByRole('button', { name: 'New group' }).first().click();
  const title = unique('Hikers').slice(0, 20);
  await ada.getByRole('textbox', { name: 'Name of the group' }).fill(title);
  await ada.getByRole('dialog').getByText(benName).click();
  await expect(ada.getByRole('checkbox', { name: new RegExp(benName) })).toBeChecked();
  await expectAccessible(ada);
  await ada.getByRole('button', { name: /^Create group/ }).click();
  await expect(composerOf(ada)).toBeEditable();
  await sayAndArrive(ada, unique('who comes'));

  // Ben is a member at once, and mutes it.
  await goTo(ben, 'Chats');
  await lineOf(ben, title).getByRole('link').click();
  await expect(ben.getByText('2 people')).toBeVisible();
  await ben.getByRole('button', { name: /^Notifications/ }).click();
  await ben.getByRole('button', { name: '1 hour' }).click();
  await dismiss(ben);
  await goTo(ben, 'Lobby');
  await sayAndArrive(ada, unique('not for ben'));
  const benTag = await tagOf(ben);
  await expect(ben).not.toHaveTitle(/^\(/);
  // The log shows Ben's current name.
  await say(ada, `@${benTag} ${unique('look')}`);
  await expect(ben).toHaveTitle(/^\(1\) /);
  await expect(doorOf(ben, 'Chats 1 unread')).toBeVisible();
});
