import { type Locator, type Page, expect } from '@playwright/test';
import { dismiss, linesOf, sayAndArrive, takeName, unique } from './people';

/** Actions of people who meet again: friends and private messages. */

const password = 'correct horse battery';

/** Navigates to a screen. The links' names include the unread count. */
export async function goTo(page: Page, door: 'Lobby' | 'Rooms' | 'Chats' | 'Friends' | 'Settings'): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('link', { name: new RegExp(`^${door}`) })
    .click();
}

export const doorOf = (page: Page, name: string | RegExp) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name });

/** Returns a toast of the page. */
export const toastOf = (page: Page, text: string | RegExp) => page.locator('ch-toast-outlet').filter({ hasText: text });

export const lineOf = (page: Page, name: string) =>
  page.locator('ch-conversation-item').filter({ has: page.locator('bdi', { hasText: name }) });

/** Opens the card of the author of `text`. */
export async function openCard(page: Page, text: string): Promise<Locator> {
  await linesOf(page, text)
    .getByRole('button', { name: /^About / })
    .click();
  const card = page.getByRole('dialog', { name: 'Person' });
  await expect(card).toBeVisible();
  return card;
}

export async function called(page: Page, name: string): Promise<string> {
  const whole = unique(name).slice(0, 20);
  await takeName(page, whole);
  await dismiss(page);
  return whole;
}

export async function register(page: Page, username: string): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText(/^Welcome, /)).toBeVisible();
}

export async function logIn(page: Page, username: string): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'I have an account' }).click();
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByText('Your devices')).toBeVisible();
}

/** Makes two people in the lobby friends. */
export async function befriend(one: Page, two: Page, oneName: string, twoName: string): Promise<void> {
  const hello = unique('hello');
  await sayAndArrive(one, hello);
  const card = await openCard(two, hello);
  await card.getByRole('button', { name: 'Add friend' }).click();
  await card.getByRole('button', { name: 'Send request' }).click();
  await expect(card.getByText('Request sent')).toBeVisible();
  await dismiss(two);
  await goTo(one, 'Friends');
  await one.getByRole('button', { name: `Accept ${twoName}` }).click();
  await expect(toastOf(two, oneName)).toContainText('are friends now');
}
