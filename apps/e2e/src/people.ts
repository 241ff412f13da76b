import { expect, type Locator, type Page } from '@playwright/test';

/** Actions and views of a person, by roles and names alone. */

/** Returns the composer. */
export const composerOf = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

/** Returns the log of the conversation. */
export const logOf = (page: Page) => page.getByRole('log');

/** Returns the lines that contain `text`. */
export const linesOf = (page: Page, text: string | RegExp) =>
  logOf(page).getByRole('article').filter({ hasText: text });

/** Closes the overlay over the page by Escape. While it is open, nothing behind it receives keys. */
export async function dismiss(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
}

/** Types a message and sends it with Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await composerOf(page).fill(text);
  await expect(composerOf(page)).toHaveValue(text);
  await composerOf(page).press('Enter');
  await expect(composerOf(page)).toHaveValue('');
}

/** Sends a message, and waits until the server has stored it. */
export async function sayAndArrive(page: Page, text: string): Promise<void> {
  await say(page, text);
  await expect(linesOf(page, text)).toHaveCount(1);
  await expect(linesOf(page, text).getByText(/^(waiting|sending …|not sent)$/)).toHaveCount(0);
}

/** Opens the menu of a line, like a right click or a long press. */
export async function openMenu(page: Page, line: Locator): Promise<Locator> {
  const bubble = line.getByText(/./).first();
  if ((await page.evaluate(() => navigator.maxTouchPoints)) > 0)
    await bubble.dispatchEvent('contextmenu', { bubbles: true });
  else await bubble.click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'Message menu' });
  await expect(menu).toBeVisible();
  return menu;
}

/** Chooses a command of a line's menu. */
export async function chooseCommand(page: Page, text: string, command: string): Promise<void> {
  const menu = await openMenu(page, linesOf(page, text).first());
  await menu.getByRole('menuitem', { name: command, exact: true }).click();
}

/** Opens the list of people, if it is not beside the conversation already. */
export async function showPeople(page: Page): Promise<Locator> {
  const card = page.getByRole('region', { name: 'You are' });
  const button = page.getByRole('button', { name: 'Who is here' });
  // The attribute changes before the panel itself is loaded.
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  await expect(card).toBeVisible();
  return card;
}

/** Sets the user's own name in place. */
export async function takeName(page: Page, name: string): Promise<void> {
  const card = await showPeople(page);
  await card.getByRole('button', { name: /^(Choose a name|Change name)$/ }).click();
  await card.getByRole('textbox', { name: 'Your name' }).fill(name);
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText(name)).toBeVisible();
}

/** Returns a text that no other test has written. */
export const unique = (words: string) => `${words} ${Math.random().toString(36).slice(2, 8)}`;
