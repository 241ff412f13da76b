import type { Locator, Page } from '@playwright/test';
import { expect, onOneScreen, test } from './fixtures';
import { called, doorOf, goTo, lineOf, logIn, openCard, register, toastOf } from './acquaintances';
import { composerOf, dismiss, linesOf, logOf, say, sayAndArrive, unique } from './people';

/** Lets everybody message the person, so that a test can begin with a private message. */
async function letAnyoneWrite(page: Page): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByText('Anyone', { exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Anyone' })).toBeChecked();
}

/** Opens a profile by its address and sends a message to the person. */
async function writeTo(page: Page, username: string, text: string): Promise<void> {
  await page.goto(`/u/${username}`);
  await page.getByRole('button', { name: 'Message' }).click();
  await expect(composerOf(page)).toBeEditable();
  await sayAndArrive(page, text);
}

async function choose(page: Page, line: Locator, item: string): Promise<void> {
  const link = line.getByRole('link');
  if ((await page.evaluate(() => navigator.maxTouchPoints)) > 0)
    await link.dispatchEvent('contextmenu', { bubbles: true, clientX: 120, clientY: 200, button: 2 });
  else await link.click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

const username = (name: string) => `${name}_${Date.now().toString(36)}${Math.random().toString(36).slice(2, 5)}`;

test('strangers in the lobby become friends and talk in private, and a reload keeps all of it', async ({
  strangers,
  expectAccessible,
}) => {
  const [ada, ben] = await strangers(2);
  const adaName = await called(ada, 'Ada');
  const benName = await called(ben, 'Ben');
  const hello = unique('hello all');
  await sayAndArrive(ada, hello);

  const card = await openCard(ben, hello);
  await expect(card).toContainText(adaName);
  await expect(card.getByText('Guest', { exact: true })).toBeVisible();
  await expect(card.getByText('once you are friends')).toBeVisible();
  await expectAccessible(ben);
  await card.getByRole('button', { name: 'Add friend' }).click();
  await card.getByRole('textbox', { name: /A few words/ }).fill('We met in the lobby 🌷');
  await card.getByRole('button', { name: 'Send request' }).click();
  await expect(card.getByText('Request sent')).toBeVisible();
  await dismiss(ben);

  // The notice leads to the request.
  await expect(toastOf(ada, `${benName}`)).toContainText('would like to be your friend');
  await expect(doorOf(ada, 'Friends 1 friend requests')).toBeVisible();
  await toastOf(ada, benName).getByRole('button', { name: 'Open' }).click();
  await expect(ada.getByText('We met in the lobby 🌷')).toBeVisible();
  await expectAccessible(ada);
  await ada.getByRole('button', { name: `Accept ${benName}` }).click();
  await expect(ada.getByRole('heading', { name: 'Your friends · 1' })).toBeVisible();
  await expect(toastOf(ben, adaName)).toContainText('are friends now');

  // Ben sends the first message.
  await (await openCard(ben, hello)).getByRole('button', { name: 'Message' }).click();
  await expect(ben).toHaveURL(/\/chats\//);
  await expect(ben.getByRole('heading', { name: `Say hello to ${adaName}` })).toBeVisible();
  await expectAccessible(ben);
  const secret = unique('between us');
  await sayAndArrive(ben, secret);
  await expect(doorOf(ada, 'Chats 1 unread')).toBeVisible();
  await expect(ada).toHaveTitle(/^\(1\) /);
  await toastOf(ada, secret).getByRole('button', { name: 'Open' }).click();
  await expect(linesOf(ada, secret)).toHaveCount(1);
  await expect(doorOf(ada, 'Chats').first()).toBeVisible();
  await expectAccessible(ada);
  const answer = unique('only for you');
  await sayAndArrive(ada, answer);
  await expect(linesOf(ben, answer)).toHaveCount(1);
  // The private message is not in the lobby.
  await goTo(ben, 'Lobby');
  await expect(linesOf(ben, hello)).toHaveCount(1);
  await expect(linesOf(ben, secret)).toHaveCount(0);

  // The next day: the same guest, friends and messages.
  await ada.reload();
  await expect(linesOf(ada, secret)).toHaveCount(1);
  await expect(logOf(ada).getByRole('article', { name: new RegExp(`^You.*${answer}`) })).toHaveCount(1);
  await goTo(ada, 'Friends');
  await expect(ada.getByRole('button', { name: `Write to ${benName}` })).toBeVisible();
});

// The tests beside this one cover the chats, their menu and an unread line on a phone.
test('a second device stays in step: messages, draft, pin and what was read', onOneScreen, async ({ strangers }) => {
  const [ada, ben, tablet] = await strangers(3);
  const benName = await called(ben, 'Ben');
  const name = username('ada');
  await register(ada, name);
  await letAnyoneWrite(ada);
  await logIn(tablet, name);
  await goTo(tablet, 'Chats');

  const first = unique('to both devices');
  await writeTo(ben, name, first);
  await expect(lineOf(tablet, benName)).toContainText(first);
  await expect(lineOf(tablet, benName).getByText('1 unread')).toBeAttached();

  await goTo(ada, 'Chats');
  await choose(ada, lineOf(ada, benName), 'Pin to the top');
  await expect(lineOf(tablet, benName).getByText('Pinned')).toBeAttached();

  await lineOf(ada, benName).getByRole('link').click();
  await expect(linesOf(ada, first)).toHaveCount(1);
  await expect(lineOf(tablet, benName).getByText('1 unread')).toHaveCount(0);

  const half = unique('I was about to');
  await composerOf(ada).fill(half);
  await expect(lineOf(tablet, benName)).toContainText(half);
  await lineOf(tablet, benName).getByRole('link').click();
  await expect(composerOf(tablet)).toHaveValue(half);
  const whole = `${half} say this`;
  await composerOf(tablet).fill(whole);
  await composerOf(tablet).press('Enter');
  await expect(linesOf(ben, whole)).toHaveCount(1);
  await expect(linesOf(ada, whole)).toHaveCount(1);
});

test('a block works at once and both ways, folds what was said, and ends', async ({ strangers, expectAccessible }) => {
  const [ada, ben] = await strangers(2);
  const benName = await called(ben, 'Ben');
  const name = username('ada');
  await register(ada, name);
  await letAnyoneWrite(ada);
  const loud = unique('said in the lobby');
  await sayAndArrive(ben, loud);
  await writeTo(ben, name, unique('let us talk'));

  await goTo(ada, 'Lobby');
  const card = await openCard(ada, loud);
  await card.getByRole('button', { name: 'More' }).click();
  await expectAccessible(ada);
  await card.getByRole('button', { name: /^Block/ }).click();
  await expect(toastOf(ada, `${benName} is blocked`)).toBeVisible();
  await expect(linesOf(ada, loud)).toHaveCount(0);
  await ada.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(linesOf(ada, loud)).toHaveCount(1);
  await ada.getByRole('button', { name: 'Hide' }).click();
  await expect(linesOf(ada, loud)).toHaveCount(0);

  await say(ben, unique('do you hear me'));
  await expect(ben.getByText('This person isn’t accepting this from you.')).toBeVisible();
  await ben.getByRole('button', { name: 'Discard' }).click();
  await goTo(ada, 'Chats');
  await lineOf(ada, benName).getByRole('link').click();
  await expect(ada.getByText(`You blocked ${benName}`)).toBeVisible();
  await expect(composerOf(ada)).toHaveCount(0);
  await expectAccessible(ada);

  await goTo(ada, 'Friends');
  await ada.getByRole('button', { name: 'Blocked and muted · 1' }).click();
  await ada.getByRole('button', { name: `Unblock ${benName}` }).click();
  await expect(ada.getByRole('button', { name: /^Blocked and muted/ })).toHaveCount(0);
  const again = unique('hello again');
  await sayAndArrive(ben, again);
  await goTo(ada, 'Chats');
  await expect(lineOf(ada, benName)).toContainText(again);
});

// The test about saved messages opens a chat's menu on a phone.
test('a chat is put away and deleted for oneself, with a way back', onOneScreen, async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const benName = await called(ben, 'Ben');
  const name = username('ada');
  await register(ada, name);
  await letAnyoneWrite(ada);
  const first = unique('a first word');
  await writeTo(ben, name, first);
  await goTo(ada, 'Chats');
  await expect(lineOf(ada, benName)).toContainText(first);

  await choose(ada, lineOf(ada, benName), 'Archive');
  await expect(lineOf(ada, benName)).toHaveCount(0);
  await ada.getByRole('button', { name: 'Archived' }).click();
  await expect(lineOf(ada, benName)).toHaveCount(1);
  const second = unique('a second word');
  await sayAndArrive(ben, second);
  // A new message restores it.
  await expect(ada.getByRole('button', { name: 'Archived' })).toHaveCount(0);
  await expect(lineOf(ada, benName)).toContainText(second);

  await choose(ada, lineOf(ada, benName), 'Delete for me');
  await expect(lineOf(ada, benName)).toHaveCount(0);
  await ada.getByRole('button', { name: 'Undo' }).click();
  await expect(lineOf(ada, benName)).toHaveCount(1);
  // Sent only after the undo time.
  const isTold = ada.waitForResponse((response) => response.url().endsWith('/membership') && response.ok());
  await choose(ada, lineOf(ada, benName), 'Delete for me');
  await isTold;
  await ada.reload();
  await expect(ada.getByRole('heading', { name: 'Chats', exact: true })).toBeVisible();
  await expect(lineOf(ada, 'Lobby')).toHaveCount(1);
  await expect(lineOf(ada, benName)).toHaveCount(0);
  // Ben still has all messages.
  await expect(linesOf(ben, first)).toHaveCount(1);
  const third = unique('a third word');
  await sayAndArrive(ben, third);
  await lineOf(ada, benName).getByRole('link').click();
  await expect(linesOf(ada, third)).toHaveCount(1);
  await expect(linesOf(ada, first)).toHaveCount(0);
});

test('what one keeps for oneself stays, also when it is pinned and put away', async ({ strangers }) => {
  const [ada] = await strangers(1);
  await sayAndArrive(ada, unique('here I am'));
  await goTo(ada, 'Chats');
  await goTo(ada, 'Lobby');
  const people = ada.getByRole('button', { name: 'Who is here' });
  if ((await people.getAttribute('aria-expanded')) === 'false') await people.click();
  await ada.getByRole('listitem').filter({ hasText: /you/ }).getByRole('button').click();
  await ada.getByRole('dialog', { name: 'Person' }).getByRole('button', { name: 'Saved' }).click();
  await expect(ada.getByRole('heading', { name: 'A place for yourself' })).toBeVisible();
  const kept = unique('milk and eggs');
  await sayAndArrive(ada, kept);
  await goTo(ada, 'Chats');
  await choose(ada, lineOf(ada, 'Saved'), 'Pin to the top');
  await expect(lineOf(ada, 'Saved').getByText('Pinned')).toBeAttached();
  await expect(lineOf(ada, 'Saved')).toContainText(kept);
  await choose(ada, lineOf(ada, 'Saved'), 'Archive');
  await ada.getByRole('button', { name: 'Archived' }).click();
  await lineOf(ada, 'Saved').getByRole('link').click();
  await expect(linesOf(ada, kept)).toHaveCount(1);
});

test('one finds friends by exact name, and the way to anywhere by a few letters', async ({
  strangers,
  expectAccessible,
}) => {
  const [ada, ben] = await strangers(2);
  const name = username('ada');
  await register(ada, name);
  await goTo(ben, 'Friends');
  const field = ben.getByRole('textbox', { name: 'Their username' });
  await field.fill(`${name}x`);
  await ben.getByRole('button', { name: 'Send request' }).click();
  await expect(ben.getByText('Nobody has this username.')).toBeVisible();
  await field.fill(name.toUpperCase());
  await ben.getByRole('button', { name: 'Send request' }).click();
  await expect(ben.getByRole('heading', { name: 'You have asked · 1' })).toBeVisible();
  await expectAccessible(ben);

  await goTo(ben, 'Chats');
  await ben.getByRole('button', { name: 'Go to …' }).click();
  const switcher = ben.getByRole('combobox', { name: 'Where to, or to whom?' });
  await expect(switcher).toBeFocused();
  await expectAccessible(ben);
  await switcher.fill(`@${name}`);
  await expect(ben.getByRole('option', { name: `Find @${name}` })).toHaveAttribute('aria-selected', 'true');
  await switcher.press('Enter');
  await expect(ben).toHaveURL(new RegExp(`/u/${name}$`));
  await expect(ben.getByRole('img', { name: /^QR code of / })).toBeVisible();
  await expectAccessible(ben);
  await ben.goto('/u/nobody-at-all');
  await expect(ben.getByText('Nobody here is called @nobody-at-all')).toBeVisible();

  // A phone has no Ctrl K.
  if (test.info().project.name === 'phone') return;
  await ben.keyboard.press('Control+k');
  await expect(switcher).toBeFocused();
  await switcher.fill('sett');
  await switcher.press('Enter');
  await expect(ben.getByRole('heading', { name: 'Settings' })).toBeVisible();
});
