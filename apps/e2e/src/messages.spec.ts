import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { doorOf, goTo, toastOf } from './acquaintances';
import { composerOf, linesOf, logOf, openMenu, say, sayAndArrive, unique } from './people';
import type { Server } from './server';

const code = [
  'look:',
  '```ts',
  'const answer: number = 42;',
  '```',
  'and',
  '```python',
  'def greet(name):',
  '    return f"hi {name}"',
  '```',
].join('\n');

/** Many messages in one room, from days gone by; the last ones are of today. */
async function fill(server: Server, slug: string, count: number): Promise<void> {
  const place = `(select id from conversations where slug = '${slug}')`;
  await server.write(
    `insert into users (id, kind, tag) values (gen_random_uuid(), 'guest', '0ff1ce') on conflict do nothing`,
  );
  await server.write(
    `with place as (select id from conversations where slug = $1), author as (select id from users where tag = '0ff1ce')
     insert into messages (conversation_id, seq, id, author_id, rev, body, created_at)
     select place.id, n, gen_random_uuid(), author.id, n, 'old message ' || n, now() - ($2 - n) * interval '1 minute' - interval '1 hour'
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

async function choose(page: Page, text: string, command: string): Promise<void> {
  const menu = await openMenu(page, linesOf(page, text).first());
  await menu.getByRole('menuitem', { name: command, exact: true }).click();
}

test('two people answer, change, name, forward and take back what they said', async ({
  strangers,
  expectAccessible,
}) => {
  const [ada, ben] = await strangers(2);
  const question = unique('at six?');
  await sayAndArrive(ada, question);
  await expect(linesOf(ben, question)).toHaveCount(1);

  await choose(ben, question, 'Reply');
  await expect(ben.getByText(/^Answering /)).toBeVisible();
  await ben.keyboard.press('Escape');
  await expect(ben.getByText(/^Answering /)).toHaveCount(0);
  await choose(ben, question, 'Reply');
  const answer = unique('yes, gladly');
  await say(ben, answer);
  const quote = linesOf(ada, answer).getByRole('button', { name: /^In answer to/ });
  await expect(quote).toContainText(question);
  await quote.click();
  await expect(linesOf(ada, question).first()).toHaveClass(/glows/);

  // The quote follows what it quotes, on both pages.
  await choose(ada, question, 'Edit');
  const later = unique('at seven?');
  await composerOf(ada).fill(later);
  await composerOf(ada).press('Enter');
  for (const page of [ada, ben])
    await expect(linesOf(page, answer).getByRole('button', { name: /^In answer to/ })).toContainText(later);
  await choose(ada, later, 'What it said before');
  await expect(ada.getByRole('dialog').getByText(question)).toBeVisible();
  await expectAccessible(ada);
  await ada.keyboard.press('Escape');

  // A name is finished by the list; whoever is named sees it.
  const tag = await ada.evaluate(() => document.body.innerText.match(/#([0-9a-f]{6})/)?.[1]);
  expect(tag).toBeDefined();
  await composerOf(ben).pressSequentially('hello @');
  const options = ben.getByRole('listbox', { name: 'What you may mean' }).getByRole('option');
  await expect(options.first()).toBeVisible();
  await expectAccessible(ben);
  await composerOf(ben).press('Escape');
  await expect(options).toHaveCount(0);
  await composerOf(ben).fill('');
  await composerOf(ben).pressSequentially(':rabb');
  await expect(options.first()).toBeVisible();
  await composerOf(ben).press('Enter');
  await expect(composerOf(ben)).toHaveValue(/^\p{RGI_Emoji} $/v);
  await composerOf(ben).fill('');

  // A reaction, and who it was.
  await choose(ben, later, 'More reactions');
  await ben.keyboard.press('Escape');
  const menu = await openMenu(ben, linesOf(ben, later).first());
  await menu
    .getByRole('menuitem', { name: /^React with / })
    .first()
    .click();
  await expect(linesOf(ada, later).first().getByRole('button', { name: /, 1$/ })).toBeVisible();
  await choose(ada, later, 'Who reacted');
  await expect(ada.getByRole('dialog', { name: 'Who reacted' }).getByRole('listitem')).toHaveCount(1);
  await ada.keyboard.press('Escape');

  await choose(ben, later, 'Forward');
  await ben.getByRole('combobox', { name: 'A person, a chat or a room' }).fill('saved');
  await ben.getByRole('option', { name: /^Saved/ }).click();
  await expect(toastOf(ben, 'Forwarded to')).toBeVisible();
  await goTo(ben, 'Chats');
  await ben.getByRole('link', { name: /^Saved/ }).click();
  await expect(linesOf(ben, later)).toContainText('Forwarded');
  await goTo(ben, 'Lobby');

  // Deleted is deleted in the quotes too, and for who comes later.
  await choose(ada, later, 'Delete');
  for (const page of [ada, ben])
    await expect(linesOf(page, answer)).toContainText('Message deleted', { timeout: 15_000 });
  await ben.reload();
  await expect(linesOf(ben, answer)).toContainText('Message deleted');
  await expect(logOf(ben).getByText(later)).toHaveCount(0);
});

test('marks show as they will look, code in two languages is coloured, and no markup comes out of it', async ({
  strangers,
  expectAccessible,
}) => {
  const [ada, ben] = await strangers(2);
  const mark = unique('formatted');
  await composerOf(ada).fill(`**${mark}** is *good*, ~~bad~~ and \`x < y\``);
  const preview = ada.getByRole('group', { name: 'How it will look' });
  await expect(preview.locator('strong')).toHaveText(mark);
  await composerOf(ada).press('Enter');
  for (const page of [ada, ben]) {
    const line = linesOf(page, mark);
    await expect(line.locator('strong')).toHaveText(mark);
    await expect(line.locator('em')).toHaveText('good');
    await expect(line.locator('s')).toHaveText('bad');
    await expect(line.locator('code')).toHaveText('x < y');
  }
  const block = unique('blocks');
  await composerOf(ada).fill(`${block}\n${code}`);
  await composerOf(ada).press('Enter');
  for (const page of [ada, ben]) {
    await expect(linesOf(page, block).locator('pre')).toHaveCount(2);
    // Both languages were loaded: something in each block has a colour of its own.
    for (const pre of await linesOf(page, block).locator('pre').all())
      await expect(pre.locator('span[class]').first()).toBeVisible();
  }
  const evil = unique('evil');
  await say(ada, `${evil} <img src=x onerror=alert(1)> [x](javascript:alert(1)) <script>alert(1)</script>`);
  await expect(linesOf(ben, evil)).toContainText('<img src=x onerror=alert(1)>');
  await expect(linesOf(ben, evil).locator('img, script, a')).toHaveCount(0);
  await expectAccessible(ben);
});

test('what is about to be said survives a reload, with what it answers; what was refused can be said otherwise', async ({
  strangers,
}) => {
  const [ada] = await strangers(1);
  const question = unique('who comes?');
  await sayAndArrive(ada, question);
  await choose(ada, question, 'Reply');
  await composerOf(ada).fill('two lines\nof a draft');
  await expect(composerOf(ada)).toHaveValue('two lines\nof a draft');
  await ada.waitForTimeout(2_500);
  await ada.reload();
  await expect(composerOf(ada)).toHaveValue('two lines\nof a draft', { timeout: 30_000 });
  await expect(ada.getByText(/^Answering /)).toBeVisible();
  await composerOf(ada).press('Enter');
  await expect(linesOf(ada, 'of a draft').getByRole('button', { name: /^In answer to/ })).toContainText(question);
});

test('a link shows what its page says, and nothing is asked of a forbidden address', async ({ strangers, server }) => {
  const [ada, ben] = await strangers(2);
  const mark = unique('linked');
  await say(ada, `${mark} http://${server.site.host}/${mark.replace(/\W/g, '-')}`);
  for (const page of [ada, ben]) {
    const card = linesOf(page, mark).locator('ch-link-card');
    await expect(card).toContainText('Trails & huts');
    await expect(card).toContainText('Two hours from town.');
  }
  const secret = unique('secret');
  await say(ada, `${secret} http://${server.site.host}/away and http://169.254.169.254/latest`);
  await expect.poll(() => server.site.asked.includes('/away')).toBe(true);
  await sayAndArrive(ada, unique('later'));
  await expect(linesOf(ben, secret)).toHaveCount(1);
  await ben.waitForTimeout(1_500);
  await expect(linesOf(ben, secret).locator('ch-link-card')).toHaveCount(0);
});

test('in a hundred thousand messages a link and a day are there at once', async ({ strangers, server }) => {
  const [ada, ben] = await strangers(2);
  const slug = await aRoom(ada, unique('Archive'));
  await goTo(ada, 'Lobby');
  await fill(server, slug, 100_000);
  // Nobody told the server: it finds out by itself.
  await expect(doorOf(ada, /^Rooms/)).toContainText('something new', { timeout: 30_000 });
  await ada.goto(`/r/${encodeURIComponent(slug)}`);
  await expect(linesOf(ada, 'old message 100000')).toBeVisible({ timeout: 30_000 });
  await choose(ada, 'old message 99999', 'Copy link');
  const id = await ada.evaluate(() => navigator.clipboard.readText()).catch(() => '');
  expect(id === '' || /\/c\/[0-9a-f-]{36}\/99999$/.test(id)).toBe(true);

  // All of it is new: the first of it is one touch away, however far.
  await ada.getByRole('button', { name: /^100000 new/ }).click();
  await expect(
    logOf(ada)
      .locator('ch-message-text')
      .filter({ hasText: /^old message 1$/ }),
  ).toBeInViewport();

  // A day, from its pill: the first message of it, without a pause that anybody would notice.
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

  // Its link leads somebody else there, into the room.
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
  await choose(ben, `old message ${seq}`, 'Reply');
  await say(ben, here);
  await expect(linesOf(ben, here)).toBeVisible();
  await expect(linesOf(ben, here).getByRole('button', { name: /^In answer to/ })).toContainText(`old message ${seq}`);

  // What is gone says so kindly, and so does what never was.
  await ben.goto('/c/01900000-0000-7000-8000-00000000dead/7');
  await expect(ben.getByText('This message cannot be shown')).toBeVisible({ timeout: 30_000 });
});
