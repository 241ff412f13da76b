import { expect, onOneScreen, test } from './fixtures';
import { composerOf, dismiss, linesOf, logOf, say, sayAndArrive, showPeople, takeName, unique } from './people';

test('two strangers talk, both ways', async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const hello = unique('hello from here');
  await sayAndArrive(ada, hello);
  await expect(linesOf(ben, hello)).toHaveCount(1);
  const answer = unique('大家好 🌷');
  await sayAndArrive(ben, answer);
  await expect(linesOf(ada, answer)).toHaveCount(1);

  // Own messages are on the right, others on the left.
  const middle = async (text: string) => {
    const box = (await linesOf(ada, text).getByText(text).boundingBox())!;
    return box.x + box.width / 2;
  };
  const log = (await logOf(ada).boundingBox())!;
  expect(await middle(hello)).toBeGreaterThan(log.x + log.width / 2);
  expect(await middle(answer)).toBeLessThan(log.x + log.width / 2);
});

test('the order of quick messages is the order they were sent in', onOneScreen, async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const mark = unique('count');
  for (let number = 1; number <= 12; number++) await say(ada, `${mark} ${number}.`);
  for (const page of [ada, ben])
    await expect
      .poll(async () => (await linesOf(page, mark).allInnerTexts()).map((text) => Number(/ (\d+)\./.exec(text)?.[1])))
      .toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('a name is set in place, and everyone sees it', async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const name = unique('小桃').slice(0, 20);
  const hello = unique('who am I');
  await sayAndArrive(ada, hello);
  await takeName(ada, name);
  await showPeople(ben);
  await expect(ben.getByRole('listitem').filter({ hasText: name })).toBeVisible();
  // Older lines show the new name too: names belong to users, not to messages.
  await expect(ben.getByRole('article', { name: new RegExp(`^${name}.*${hello}`) })).toHaveCount(1);
});

// On a phone the friends of friends.spec.ts cover it, who reload.
test('a reload keeps who one is, what was said and what was about to be said', onOneScreen, async ({ strangers }) => {
  const [ada] = await strangers(1);
  const name = unique('Ada');
  await takeName(ada, name);
  await dismiss(ada);
  const hello = unique('before the reload');
  await sayAndArrive(ada, hello);
  await ada.reload();
  await expect(composerOf(ada)).toBeEditable();
  await expect(linesOf(ada, hello)).toHaveCount(1);
  await expect(ada.getByRole('article', { name: new RegExp(`^You.*${hello}`) })).toHaveCount(1);
  await expect((await showPeople(ada)).getByText(name)).toBeVisible();
});

test('HTML stays text, and only http, https and mailto become links', onOneScreen, async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const mark = unique('markup');
  const evil = `${mark} <img src=x onerror="window.hacked=1"><b>bold</b> javascript:alert(1) https://example.org/a?b=c#d mailto:a@example.org`;
  await sayAndArrive(ada, evil);
  const line = linesOf(ben, mark);
  await expect(line).toContainText('<img src=x onerror="window.hacked=1"><b>bold</b>');
  const links = line.getByRole('link');
  await expect(links).toHaveCount(2);
  await expect(links.first()).toHaveAttribute('href', 'https://example.org/a?b=c#d');
  await expect(links.first()).toHaveAttribute('rel', /noopener.*noreferrer.*nofollow/);
  expect(await ben.evaluate(() => 'hacked' in window)).toBe(false);
});

test('Shift+Enter breaks the line, and the Enter of an input method never sends', async ({ strangers }) => {
  const [ada] = await strangers(1);
  const composer = composerOf(ada);
  const mark = unique('lines');
  await composer.fill(mark);
  await composer.press('Shift+Enter');
  await composer.pressSequentially('second');
  await expect(composer).toHaveValue(`${mark}\nsecond`);
  await composer.evaluate((field) => {
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229, bubbles: true, cancelable: true }),
    );
  });
  await expect(composer).toHaveValue(`${mark}\nsecond`);
  await composer.evaluate((field) => field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true })));
  // A person's next Enter comes later than the one that ended the composition.
  await ada.waitForTimeout(100);
  await composer.press('Enter');
  await expect(linesOf(ada, mark)).toHaveCount(1);
});

test('the count of people follows who comes and goes', onOneScreen, async ({ strangers, browser, baseURL }) => {
  const [ada] = await strangers(1);
  const count = () => ada.getByText(/\d+ (person|people) online/).first();
  const read = async () => Number(/\d+/.exec(await count().innerText())?.[0]);
  await expect(count()).toBeVisible();
  // People of the test before may still be in their grace period.
  await expect.poll(read, { timeout: 15_000 }).toBe(1);
  const context = await browser.newContext({ baseURL });
  const ben = await context.newPage();
  await ben.goto('/');
  await expect.poll(read).toBe(2);
  await expect(
    logOf(ada)
      .getByText(/joined$/)
      .last(),
  ).toBeVisible();
  await context.close();
  await expect.poll(read, { timeout: 15_000 }).toBe(1);
});
