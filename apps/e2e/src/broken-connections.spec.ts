import { goTo } from './acquaintances';
import { expect, test } from './fixtures';
import { Observer } from './observer';
import { composerOf, linesOf, say, sayAndArrive, unique } from './people';

test('I2: what is written offline is sent once, and in order', async ({ strangers, server }) => {
  const [ada, ben] = await strangers(2);
  const mark = unique('offline');
  await sayAndArrive(ada, `${mark} 1.`);
  await ada.context().setOffline(true);
  await expect(ada.getByText(/offline|No connection|Reconnecting/).first()).toBeVisible();
  await say(ada, `${mark} 2.`);
  await say(ada, `${mark} 3.`);
  await expect(linesOf(ada, mark).getByText(/^(waiting|sending …)$/)).toHaveCount(2);
  await expect(linesOf(ben, mark)).toHaveCount(1);
  await ada.context().setOffline(false);
  await expect(linesOf(ben, mark)).toHaveCount(3, { timeout: 40_000 });
  await expect(linesOf(ada, mark).getByText(/^(waiting|sending …|not sent)$/)).toHaveCount(0);
  const observer = await Observer.join(server.url);
  expect(await observer.stored(mark)).toEqual([`${mark} 1.`, `${mark} 2.`, `${mark} 3.`]);
  await observer.leave();
});

test('I5: whoever was away sees what was said meanwhile, with nothing missing', async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const mark = unique('meanwhile');
  await sayAndArrive(ada, `${mark} 1.`);
  await expect(linesOf(ben, mark)).toHaveCount(1);
  await ben.context().setOffline(true);
  for (const number of [2, 3, 4, 5]) await sayAndArrive(ada, `${mark} ${number}.`);
  await ben.context().setOffline(false);
  await expect(linesOf(ben, mark)).toHaveCount(5, { timeout: 40_000 });
});

test('the other screens are there without a connection, for they were loaded before they are needed', async ({
  strangers,
}) => {
  const [ada, ben] = await strangers(2);
  const scriptsOf = (page: typeof ada) =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).pathname)
        .filter((path) => path.endsWith('.js')),
    );
  // No element shows that the other screens are loaded, so the test opens one.
  await goTo(ben, 'Friends');
  await expect(ben.getByRole('heading', { level: 1, name: 'Friends' })).toBeVisible();
  const needed = await scriptsOf(ben);
  await expect.poll(() => scriptsOf(ada), { timeout: 30_000 }).toEqual(expect.arrayContaining(needed));
  await ada.context().setOffline(true);
  await goTo(ada, 'Friends');
  await expect(ada.getByRole('heading', { level: 1, name: 'Friends' })).toBeVisible();
  await goTo(ada, 'Lobby');
  await expect(ada.getByText(/offline|No connection|Reconnecting/).first()).toBeVisible();
});

test('a driven browser can look at connection, cursors and outbox, and finds no text there', async ({ strangers }) => {
  const [ada] = await strangers(1);
  const text = unique('looked at');
  await sayAndArrive(ada, text);
  const inspect = () => ada.evaluate(() => (window as unknown as { __cloudhop__: unknown }).__cloudhop__);
  await expect.poll(inspect).toMatchObject({ connection: { phase: 'live' }, outbox: [] });
  await ada.context().setOffline(true);
  await say(ada, `${text}, too`);
  await expect.poll(inspect).toMatchObject({ outbox: [{ kind: 'send', state: 'waiting' }] });
  expect(JSON.stringify(await inspect())).not.toContain(text);
});

test('what is queued survives a reload while offline', async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const text = unique('queued and reloaded');
  // Only the sockets and requests die: the page itself must still come from somewhere.
  await ada.route('**/socket.io/**', (route) => route.abort());
  await ada.context().setOffline(true);
  await say(ada, text);
  await ada.context().setOffline(false);
  await ada.unroute('**/socket.io/**');
  await ada.reload();
  await expect(linesOf(ben, text)).toHaveCount(1, { timeout: 40_000 });
  await expect(linesOf(ada, text)).toHaveCount(1);
});

test('what is said in the moment in which the page goes arrives', async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const text = unique('said and gone');
  const field = composerOf(ada);
  await field.fill(text);
  // In one task: no time is left to store or send anything.
  await field.evaluate((element) => {
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    location.reload();
  });
  await expect(linesOf(ben, text)).toHaveCount(1, { timeout: 40_000 });
  await expect(linesOf(ada, text)).toHaveCount(1);
  await expect(field).toHaveValue('');
});

test('I1, I2: a server killed while people send loses and doubles nothing', async ({ strangers, server }) => {
  test.slow();
  const [ada, ben] = await strangers(2);
  const mark = unique('killed');
  const sent: string[] = [];
  const send = async (page: typeof ada, who: string, number: number) => {
    const text = `${mark} ${who}${number}.`;
    sent.push(text);
    await say(page, text);
  };
  for (let number = 1; number <= 5; number++) await Promise.all([send(ada, 'a', number), send(ben, 'b', number)]);
  const killing = server.kill();
  for (let number = 6; number <= 10; number++) await Promise.all([send(ada, 'a', number), send(ben, 'b', number)]);
  await killing;
  await expect(ada.getByText(/No connection|Reconnecting|Connecting/).first()).toBeVisible();
  await server.start();
  for (const page of [ada, ben]) {
    await expect(linesOf(page, mark)).toHaveCount(sent.length, { timeout: 60_000 });
    await expect(linesOf(page, mark).getByText(/^(waiting|sending …|not sent)$/)).toHaveCount(0);
  }
  const observer = await Observer.join(server.url);
  const stored = await observer.stored(mark);
  await observer.leave();
  expect([...stored].sort()).toEqual([...sent].sort());
  // Each author's messages keep their order, and both pages show the server's order.
  const by = (who: string, texts: string[]) => texts.filter((text) => new RegExp(` ${who}\\d+\\.$`).test(text));
  for (const who of ['a', 'b']) expect(by(who, stored)).toEqual(by(who, sent));
  for (const page of [ada, ben]) {
    const shown = (await linesOf(page, mark).allInnerTexts()).map((text) => /[ab]\d+\./.exec(text)?.[0]);
    expect(shown).toEqual(stored.map((text) => /[ab]\d+\./.exec(text)?.[0]));
  }
});

test('a server that is replaced costs nobody anything', async ({ strangers, server }) => {
  const [ada, ben] = await strangers(2);
  const mark = unique('replaced');
  await sayAndArrive(ada, `${mark} 1.`);
  await server.stop();
  await server.start();
  await say(ada, `${mark} 2.`);
  await expect(linesOf(ben, mark)).toHaveCount(2, { timeout: 40_000 });
  await expect(composerOf(ada)).toBeEditable();
});

test('R5: a visitor whose network has used up its guests sees why and until when, and comes in by itself', async ({
  page,
  expectAccessible,
}) => {
  let isFull = true;
  await page.route('**/api/auth/guest', (route) =>
    !isFull
      ? route.continue()
      : route.fulfill({
          status: 429,
          contentType: 'application/json',
          body: JSON.stringify({ error: { code: 'rate_limited', message: 'wait', retryAfterMs: 9_000 } }),
        }),
  );
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Too many people at once' })).toBeVisible();
  await expect(page.getByText(/Next try in \d+ s/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  // People with an account need not wait for a guest session, and find the log-in on every screen.
  await expect(page.getByRole('link', { name: 'Log in' })).toHaveAttribute('href', '/login');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Privacy' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Lobby' }).click();
  isFull = false;
  await expect(composerOf(page)).toBeEditable();
});

test('registering in one of two tabs makes both the member, and keeps what waits to be sent', async ({ strangers }) => {
  const [ada] = await strangers(1);
  const other = await ada.context().newPage();
  await other.goto('/');
  await expect(composerOf(other)).toBeEditable();
  const text = unique('waiting while registering');
  await ada.getByRole('link', { name: 'Settings' }).click();
  await ada.getByRole('textbox', { name: 'Username' }).fill(`ada_${Date.now().toString(36)}`);
  await ada.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await say(other, text);
  await ada.getByRole('button', { name: 'Create account' }).click();
  await expect(ada.getByText('Your devices')).toBeVisible();
  await expect(linesOf(other, text)).toHaveCount(1);
  await other.getByRole('link', { name: 'Settings' }).click();
  await expect(other.getByText('Your devices')).toBeVisible();
  await ada.getByRole('link', { name: 'Lobby' }).click();
  await expect(linesOf(ada, text)).toHaveCount(1);
});
