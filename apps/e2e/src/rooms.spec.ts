import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, onOneScreen, test } from './fixtures';
import { composerOf, linesOf, openMenu, sayAndArrive, unique } from './people';
import { goTo, register } from './acquaintances';

/** Types a name on the screen of rooms, and creates the room with one press. */
async function makeRoom(page: Page, name: string): Promise<string> {
  await goTo(page, 'Rooms');
  await page.getByRole('searchbox', { name: 'Enter a room name' }).fill(name);
  await page.getByText(`Create “${name}”`).click();
  await expect(page).toHaveURL(/\/r\/.+/);
  await expect(composerOf(page)).toBeEditable();
  return new URL(page.url()).pathname;
}

/** Calls the API as the user who is signed in on the page. */
function ask(page: Page, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  return page.evaluate(
    async ([method, path, body]) => {
      const json = { 'content-type': 'application/json' };
      const refreshed = await fetch('/api/auth/refresh', { method: 'POST', headers: json, body: '{}' });
      const { accessToken } = (await refreshed.json()) as { accessToken: string };
      const headers = { ...json, authorization: `Bearer ${accessToken}` };
      const response = await fetch(`/api${path}`, {
        method,
        headers,
        ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    [method, path, body] as const,
  );
}

/** Posts a message as a program of the user; the page shows it live. */
async function post(url: string, secret: string, slug: string, body: string, key: string): Promise<number> {
  const response = await fetch(`${url}/api/rooms/${slug}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ body }),
  });
  return response.status;
}

async function makeToken(page: Page): Promise<string> {
  const made = await ask(page, 'POST', '/tokens', { label: 'Build server', scopes: ['messages:write'] });
  return made['secret'] as string;
}

const nameOf = (words: string) => unique(words).slice(0, 30);

test('a newcomer with only a room’s address talks there, and a program’s post stands once however often it is sent', async ({
  strangers,
  browser,
  server,
  expectAccessible,
}) => {
  const [ada] = await strangers(1);
  await register(ada, unique('ada').replaceAll(/[^a-z0-9]/gi, ''));
  const path = await makeRoom(ada, nameOf('Weekend hikes'));
  await expectAccessible(ada);

  const context = await browser.newContext({ baseURL: server.url });
  const ben = await context.newPage();
  await ben.goto(path);
  await expect(composerOf(ben)).toBeEditable({ timeout: 30_000 });
  const hello = unique('hello from the address');
  await sayAndArrive(ben, hello);
  await expect(linesOf(ada, hello)).toHaveCount(1);

  const secret = await makeToken(ada);
  const slug = path.slice('/r/'.length);
  const green = unique('Build 412 is green ✅');
  const script = resolve('docs/examples/post-to-room.sh');
  const env = { ...process.env, CLOUDHOP_URL: server.url, CLOUDHOP_TOKEN: secret };
  // The guide's own command; a machine without curl sends the same from Node.
  const hasCurl = spawnSync('curl', ['--version']).status === 0;
  const statuses: number[] = [];
  for (let n = 0; n < 5; n++)
    statuses.push(
      hasCurl
        ? Number(execFileSync('sh', [script, slug, 'build-412', green], { env, encoding: 'utf8' }))
        : await post(server.url, secret, slug, green, 'build-412'),
    );
  expect(statuses).toEqual([201, 200, 200, 200, 200]);
  for (const page of [ada, ben]) await expect(linesOf(page, green)).toHaveCount(1);
  await context.close();
});

test('what was said is found, also in Chinese, and shown in its place far back; a pin leads there too', async ({
  strangers,
  server,
  expectAccessible,
}) => {
  const [ada, ben] = await strangers(2);
  await register(ada, unique('ada').replaceAll(/[^a-z0-9]/gi, ''));
  const path = await makeRoom(ada, nameOf('Travel'));
  const secret = await makeToken(ada);
  const slug = path.slice('/r/'.length);
  const wanted = unique('週末去上海吃小籠包');
  // With a full stop: "message 15" at 9:54 reads like another message.
  for (let n = 0; n < 160; n++)
    expect(await post(server.url, secret, slug, n === 3 ? wanted : `message ${n}.`, `n-${n}`)).toBe(201);

  // Ben has the latest fifty only: a hit is shown among its surrounding messages.
  await ben.goto(path);
  await expect(linesOf(ben, 'message 159.')).toBeInViewport();
  await find(ben, '上海');
  await expectAccessible(ben);
  await ben.locator('mark', { hasText: '上海' }).click();
  await expect(linesOf(ben, wanted)).toBeInViewport();
  await expect(linesOf(ben, 'message 159.')).toHaveCount(0);
  await ben.getByRole('button', { name: /^Go to the latest message/ }).click();
  await expect(linesOf(ben, 'message 159.')).toBeInViewport();

  await find(ada, '上海');
  await ada.locator('mark', { hasText: '上海' }).click();
  const menu = await openMenu(ada, linesOf(ada, wanted));
  await menu.getByRole('menuitem', { name: 'Pin', exact: true }).click();
  await expect(linesOf(ada, wanted)).toHaveAccessibleName(/Pinned/);
  await find(ben, 'has:pin');
  await expect(ben.getByRole('option').filter({ hasText: wanted })).toBeVisible();
});

/** Searches in the open room. */
async function find(page: Page, q: string): Promise<void> {
  await page.getByRole('button', { name: 'Search here' }).click();
  const panel = page.getByRole('dialog', { name: 'Search messages' });
  await panel.getByRole('combobox').fill(q);
  await expect(panel.getByRole('option').first()).toBeVisible();
}

test(
  'a private room is not there for an outsider, and a link lets in as many as it says',
  onOneScreen,
  async ({ strangers }) => {
    const [ada, ben, cleo] = await strangers(3);
    await register(ada, unique('ada').replaceAll(/[^a-z0-9]/gi, ''));
    const room = await ask(ada, 'POST', '/rooms', { name: nameOf('Surprise'), visibility: 'private' });
    const slug = encodeURIComponent(room['slug'] as string);
    await ben.goto(`/r/${slug}`);
    await expect(ben.getByText('There is no room here')).toBeVisible();
    const made = await ask(ada, 'POST', `/rooms/${slug}/invites`, { maxUses: 1 });
    await ben.goto('/lobby');
    await ben.goto(made['path'] as string);
    await expect(composerOf(ben)).toBeEditable();
    await expect(ben).toHaveURL(/\/r\/[^#]+$/);
    await cleo.goto(made['path'] as string);
    await expect(cleo.getByText('This invitation has ended')).toBeVisible();
    await ada.goto(`/r/${slug}`);
    await sayAndArrive(ben, unique('what is the surprise'));
    await expect(ada.getByText('2 members').first()).toBeVisible();
  },
);
