import type { Page } from '@playwright/test';
import { expect, onOneScreen, test } from './fixtures';
import { composerOf, dismiss, linesOf, sayAndArrive, takeName, unique } from './people';

const password = 'correct horse battery';

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
}

async function backToLobby(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Lobby' }).click();
  await expect(composerOf(page)).toBeEditable();
}

async function fillAccount(page: Page, username: string, secret = password): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(secret);
}

test('a guest becomes a member with everything that is theirs, and signs in on another device', async ({
  strangers,
  expectAccessible,
}) => {
  const [ada, other] = await strangers(2);
  const name = unique('Ada').slice(0, 20);
  const username = `ada_${Date.now().toString(36)}`;
  const hello = unique('before the account');
  await takeName(ada, name);
  await dismiss(ada);
  await sayAndArrive(ada, hello);

  await openSettings(ada);
  await expectAccessible(ada);
  await fillAccount(ada, username);
  await ada.getByRole('button', { name: 'Create account' }).click();
  await expect(ada.getByText(`Welcome, ${name}!`, { exact: false })).toBeVisible();
  await expectAccessible(ada);
  await backToLobby(ada);
  await expect(ada.getByRole('article', { name: new RegExp(`^You.*${hello}`) })).toHaveCount(1);
  await expect(linesOf(other, hello)).toHaveCount(1);

  await openSettings(other);
  await other.getByRole('button', { name: 'I have an account' }).click();
  await fillAccount(other, username, 'not this one');
  await other.getByRole('button', { name: 'Log in' }).click();
  await expect(other.getByText('Wrong username or password.')).toBeVisible();
  await fillAccount(other, username.toUpperCase());
  await other.getByRole('button', { name: 'Log in' }).click();
  await expect(other.getByText('Your devices')).toBeVisible();
  await backToLobby(other);
  await expect(other.getByRole('article', { name: new RegExp(`^You.*${hello}`) })).toHaveCount(1);

  // The first device signs the second one out.
  await openSettings(ada);
  await ada.getByRole('button', { name: /^Log out .*Linux/ }).click();
  await expect(ada.getByRole('button', { name: /^Log out .*Linux/ })).toHaveCount(0);
  await expect(other.getByText('See you soon!')).toBeVisible();
  await ada.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(ada.getByText('See you soon!')).toBeVisible();
});

// The phone fills in the form in the test above.
test(
  'what is wrong with a new account is said at its field, before and after the server was asked',
  onOneScreen,
  async ({ strangers }) => {
    const [ada, ben] = await strangers(2);
    const username = `ben_${Date.now().toString(36)}`;
    await openSettings(ben);
    await fillAccount(ben, username);
    await ben.getByRole('button', { name: 'Create account' }).click();
    await expect(ben.getByText(`Welcome, ${username}!`, { exact: false })).toBeVisible();

    await openSettings(ada);
    const create = ada.getByRole('button', { name: 'Create account' });
    await fillAccount(ada, 'a b', 'short');
    await create.click();
    await expect(ada.getByText('Use letters of one script')).toBeVisible();
    await expect(ada.getByText('At least 8 characters.')).toBeVisible();
    await fillAccount(ada, username.toUpperCase());
    await create.click();
    await expect(ada.getByText('is taken.')).toBeVisible();
    await fillAccount(ada, `${username}2`, 'password1');
    await create.click();
    await expect(ada.getByText('too easy to guess')).toBeVisible();
    await fillAccount(ada, `${username}2`);
    await create.click();
    await expect(ada.getByText(`Welcome, ${username}2!`, { exact: false })).toBeVisible();
  },
);

test(
  'after too many wrong passwords the form counts down, and nothing empty is sent',
  onOneScreen,
  async ({ page, expectAccessible }) => {
    let tries = 0;
    await page.route('**/api/auth/login', (route) => {
      tries += 1;
      const error = { code: 'rate_limited', message: 'wait', retryAfterMs: 4_000 };
      return route.fulfill({ status: 429, contentType: 'application/json', body: JSON.stringify({ error }) });
    });
    await page.goto('/login');
    const logIn = page.getByRole('button', { name: 'Log in' });
    await logIn.click();
    await expect(page.getByText('Enter your username.')).toBeVisible();
    await expect(page.getByText('Enter your password.')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Username' })).toBeFocused();
    expect(tries).toBe(0);
    await fillAccount(page, 'somebody');
    await logIn.click();
    await expect(page.getByText(/Too many attempts\. Try again in 0:0[1-4]\./).first()).toBeVisible();
    await expectAccessible(page);
    await expect(page.getByText('You can try again now.')).toBeVisible();
    expect(tries).toBe(1);
  },
);

test('a recovery code brings a guest back on another device', onOneScreen, async ({ strangers }) => {
  const [ada, other] = await strangers(2);
  const hello = unique('said before');
  await sayAndArrive(ada, hello);
  await openSettings(ada);
  await ada.getByRole('button', { name: 'Show a code' }).click();
  const code = await ada
    .getByRole('listitem')
    .filter({ hasText: /^[0-9A-Z]{4}-/ })
    .innerText();
  await openSettings(other);
  await other.getByRole('button', { name: 'I have an account' }).click();
  await other.getByRole('button', { name: 'Use a recovery code' }).click();
  await other.getByRole('textbox', { name: 'Recovery code' }).fill(code.toLowerCase());
  await other.getByRole('button', { name: 'Log in' }).click();
  await expect(other.getByText(/^Welcome back/)).toBeVisible();
  await backToLobby(other);
  await expect(other.getByRole('article', { name: new RegExp(`^You.*${hello}`) })).toHaveCount(1);
});
