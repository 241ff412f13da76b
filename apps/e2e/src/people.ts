import { expect, type Locator, type Page } from '@playwright/test';

/** What a person does and sees, by roles and names alone. */

/** The field in which a person writes. */
export const composerOf = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

/** The conversation's lines. */
export const logOf = (page: Page) => page.getByRole('log');

/** The lines that hold `text`. */
export const linesOf = (page: Page, text: string | RegExp) =>
  logOf(page).getByRole('article').filter({ hasText: text });

/** Sends away what is open over the page, by Escape. While it is there, nothing behind it takes a key. */
export async function dismiss(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
}

/** Writes and sends with Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await composerOf(page).fill(text);
  await expect(composerOf(page)).toHaveValue(text);
  await composerOf(page).press('Enter');
  await expect(composerOf(page)).toHaveValue('');
}

/** Sends, and waits until the server has it. */
export async function sayAndArrive(page: Page, text: string): Promise<void> {
  await say(page, text);
  await expect(linesOf(page, text)).toHaveCount(1);
  await expect(linesOf(page, text).getByText(/^(waiting|sending …|not sent)$/)).toHaveCount(0);
}

/** Opens the menu of a line, as a right click or a long press does. */
export async function openMenu(page: Page, line: Locator): Promise<Locator> {
  const bubble = line.getByText(/./).first();
  if ((await page.evaluate(() => navigator.maxTouchPoints)) > 0)
    await bubble.dispatchEvent('contextmenu', { bubbles: true });
  else await bubble.click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'Message menu' });
  await expect(menu).toBeVisible();
  return menu;
}

/** Does something with a line by its menu. */
export async function chooseCommand(page: Page, text: string, command: string): Promise<void> {
  const menu = await openMenu(page, linesOf(page, text).first());
  await menu.getByRole('menuitem', { name: command, exact: true }).click();
}

/** Shows who is here, where that is not beside the conversation anyway. */
export async function showPeople(page: Page): Promise<Locator> {
  const card = page.getByRole('region', { name: 'You are' });
  const button = page.getByRole('button', { name: 'Who is here' });
  // It says so before the part itself has come.
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  await expect(card).toBeVisible();
  return card;
}

/** Takes a name where one's own name stands. */
export async function takeName(page: Page, name: string): Promise<void> {
  const card = await showPeople(page);
  await card.getByRole('button', { name: /^(Choose a name|Change name)$/ }).click();
  await card.getByRole('textbox', { name: 'Your name' }).fill(name);
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText(name)).toBeVisible();
}

/** A text that no other test has written. */
export const unique = (words: string) => `${words} ${Math.random().toString(36).slice(2, 8)}`;
