import type { Page } from '@playwright/test';
import { doorOf, goTo } from './acquaintances';
import { expect, test } from './fixtures';
import { chooseCommand, composerOf, linesOf, logOf, say, unique } from './people';
import type { Server } from './server';

/** Inserts many messages into one room, from earlier days; the last ones are of today. */
async function fill(server: Server, slug: string, count: number): Promise<void> {
  const place = `(select id from conversations where slug = '${slug}')`;
  await server.write(
    `insert into users (id, kind, tag) values (gen_random_uuid(), 'guest', '0ff1ce') on conflict do nothing`,
  );
  await server.write(
    `with place as (select id from conversations where slug = $1), author as (select id from users where tag = '0ff1ce')
     insert into messages (conversation_id, seq, id, author_id, rev, body, created_at)
     select place.id, n, uuidv7(), author.id, n, 'old message ' || n, now() - ($2 - n) * interval '1 minute' - interval '1 hour'
     from place, author, generate_series(1, $2::integer) n`,
    [slug, count],
  );
  await server.write(
    `insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
     select m.conversation_id, m.id, m.seq, m.author_id, false, m.created_at from messages m where m.conversation_id = ${place}`,
  );
  await server.write(
    `update conversation_heads set seq = $1, rev = rev + $1, last_at = now() - interval '1 hour' where conversation_id = ${place}`,
    [count],
  );
}

async function aRoom(page: Page, name: string): Promise<string> {
  await goTo(page, 'Rooms');
  await page.getByRole('searchbox', { name: 'Enter a room name' }).fill(name);
  await page.getByText(`Create “${name}”`).click();
  await expect(page).toHaveURL(/\/r\/.+/);
  await expect(composerOf(page)).toBeEditable();
  return decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!);
}

test('in a hundred thousand messages a link and a day are there at once', async ({ strangers, server }) => {
  const [ada, ben] = await strangers(2);
  const slug = await aRoom(ada, unique('Archive'));
  await goTo(ada, 'Lobby');
  await fill(server, slug, 100_000);
  // Inserted behind the server's back: it finds out by itself.
  await expect(doorOf(ada, /^Rooms/)).toContainText('new messages', { timeout: 30_000 });
  await ada.goto(`/r/${encodeURIComponent(slug)}`);
  await expect(linesOf(ada, 'old message 100000')).toBeVisible({ timeout: 30_000 });
  await chooseCommand(ada, 'old message 99999', 'Copy link');
  const id = await ada.evaluate(() => navigator.clipboard.readText()).catch(() => '');
  expect(id === '' || /\/c\/[0-9a-f-]{36}\/99999$/.test(id)).toBe(true);

  // All of it is new: one button leads to the first message, however far.
  await ada.getByRole('button', { name: /^100000 new/ }).click();
  await expect(
    logOf(ada)
      .locator('ch-message-text')
      .filter({ hasText: /^old message 1$/ }),
  ).toBeInViewport();

  // A day's pill leads to the first message of a day, without a noticeable pause.
  await logOf(ada).locator('ch-day-line button').first().click();
  const dialog = ada.getByRole('dialog', { name: 'Jump to a day' });
  const day = await ada.evaluate(() => {
    const date = new Date(Date.now() - 40 * 24 * 3_600_000);
    return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
  });
  await dialog.getByLabel('Or choose a day').fill(day);
  const began = Date.now();
  await dialog.getByRole('button', { name: 'Go' }).click();
  const there = logOf(ada)
    .locator('.glows ch-message-text')
    .filter({ hasText: /^old message \d{5}$/ });
  await expect(there).toBeInViewport();
  const took = Date.now() - began;
  test.info().annotations.push({ type: 'jump to a day', description: `${took} ms` });
  const text = await there.innerText();
  const seq = Number(/old message (\d+)/.exec(text)![1]);
  expect(seq).toBeGreaterThan(30_000);
  expect(seq).toBeLessThan(60_000);

  // Its link leads another person to the message, into the room.
  const room = await ada.evaluate(async () => {
    const json = { 'content-type': 'application/json' };
    const refreshed = await fetch('/api/auth/refresh', { method: 'POST', headers: json, body: '{}' });
    const { accessToken } = (await refreshed.json()) as { accessToken: string };
    const list = await fetch('/api/conversations', { headers: { authorization: `Bearer ${accessToken}` } });
    const { items } = (await list.json()) as { items: { id: string; kind: string }[] };
    return items.find(({ kind }) => kind === 'room')!.id;
  });
  await ben.goto(`/c/${room}/${seq}`);
  await expect(linesOf(ben, `old message ${seq}`).first()).toBeInViewport({ timeout: 30_000 });
  await expect(ben).toHaveURL(/\/r\/.+/);
  const here = `an answer ${unique('from afar')}`;
  await chooseCommand(ben, `old message ${seq}`, 'Reply');
  await say(ben, here);
  await expect(linesOf(ben, here)).toBeVisible();
  await expect(linesOf(ben, here).getByRole('button', { name: /^In answer to/ })).toContainText(`old message ${seq}`);

  // A friendly text for a deleted message, and for one that never existed.
  await ben.goto('/c/01900000-0000-7000-8000-00000000dead/7');
  await expect(ben.getByText('This message cannot be shown')).toBeVisible({ timeout: 30_000 });
});
