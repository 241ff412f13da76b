import { expect, onOneScreen, test } from './fixtures';
import { goTo, toastOf } from './acquaintances';
import { chooseCommand, composerOf, dismiss, linesOf, logOf, openMenu, say, sayAndArrive, unique } from './people';

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

test('two people answer, change, name, forward and take back what they said', async ({
  strangers,
  expectAccessible,
}) => {
  const [ada, ben] = await strangers(2);
  const question = unique('at six?');
  await sayAndArrive(ada, question);
  await expect(linesOf(ben, question)).toHaveCount(1);

  await chooseCommand(ben, question, 'Reply');
  await expect(ben.getByText(/^Replying to /)).toBeVisible();
  await dismiss(ben);
  await expect(ben.getByText(/^Replying to /)).toHaveCount(0);
  await chooseCommand(ben, question, 'Reply');
  const answer = unique('yes, gladly');
  await say(ben, answer);
  const quote = linesOf(ada, answer).getByRole('button', { name: /^In answer to/ });
  await expect(quote).toContainText(question);
  await quote.click();
  await expect(linesOf(ada, question).first()).toHaveClass(/glows/);

  // The quote follows edits of the quoted message, on both pages.
  await chooseCommand(ada, question, 'Edit');
  const later = unique('at seven?');
  await composerOf(ada).fill(later);
  await composerOf(ada).press('Enter');
  for (const page of [ada, ben])
    await expect(linesOf(page, answer).getByRole('button', { name: /^In answer to/ })).toContainText(later);
  await chooseCommand(ada, later, 'Edit history');
  await expect(ada.getByRole('dialog').getByText(question)).toBeVisible();
  await expectAccessible(ada);
  await dismiss(ada);

  // The list completes a name; the mentioned person sees it highlighted.
  const tag = await ada.evaluate(() => document.body.innerText.match(/#([0-9a-f]{6})/)?.[1]);
  expect(tag).toBeDefined();
  await composerOf(ben).pressSequentially('hello @');
  const options = ben.getByRole('listbox', { name: 'What you may mean' }).getByRole('option');
  await expect(options.first()).toBeVisible();
  await expectAccessible(ben);
  await composerOf(ben).press('Escape');
  await expect(options).toHaveCount(0);
  await composerOf(ben).fill('');
  await composerOf(ben).pressSequentially(':rabb', { delay: 120 });
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await composerOf(ben).press('Enter');
  await expect(composerOf(ben)).toHaveValue(/^\p{RGI_Emoji} $/v);
  await composerOf(ben).fill('');

  // A reaction, and the people behind it.
  await chooseCommand(ben, later, 'More reactions');
  await expect(ben.locator('dialog[open]')).toBeVisible();
  await dismiss(ben);
  await expect(linesOf(ben, later).first()).toBeFocused();
  const menu = await openMenu(ben, linesOf(ben, later).first());
  await menu
    .getByRole('menuitem', { name: /^React with / })
    .first()
    .click();
  await expect(linesOf(ada, later).first().getByRole('button', { name: /, 1$/ })).toBeVisible();
  await chooseCommand(ada, later, 'Who reacted');
  await expect(ada.getByRole('dialog', { name: 'Who reacted' }).getByRole('listitem')).toHaveCount(1);
  await dismiss(ada);

  await chooseCommand(ben, later, 'Forward');
  await ben.getByRole('combobox', { name: 'A person, a chat or a room' }).fill('saved');
  await ben.getByRole('option', { name: /^Saved/ }).click();
  await expect(toastOf(ben, 'Forwarded to')).toBeVisible();
  await goTo(ben, 'Chats');
  await ben.getByRole('link', { name: /^Saved/ }).click();
  await expect(linesOf(ben, later)).toContainText('Forwarded');
  await goTo(ben, 'Lobby');

  // Deleted text is gone from quotes too, and for people who come later.
  await chooseCommand(ada, later, 'Delete');
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
    // Both languages were loaded: each block has some highlighted text.
    for (const pre of await linesOf(page, block).locator('pre').all())
      await expect(pre.locator('span[class]').first()).toBeVisible();
  }
  const evil = unique('evil');
  await say(ada, `${evil} <img src=x onerror=alert(1)> [x](javascript:alert(1)) <script>alert(1)</script>`);
  await expect(linesOf(ben, evil)).toContainText('<img src=x onerror=alert(1)>');
  await expect(linesOf(ben, evil).locator('img, script, a')).toHaveCount(0);
  await expectAccessible(ben);
});

test(
  'what is about to be said survives a reload, with what it answers; what was refused can be said otherwise',
  onOneScreen,
  async ({ strangers }) => {
    const [ada] = await strangers(1);
    const question = unique('who comes?');
    await sayAndArrive(ada, question);
    await chooseCommand(ada, question, 'Reply');
    await composerOf(ada).fill('two lines\nof a draft');
    await expect(composerOf(ada)).toHaveValue('two lines\nof a draft');
    // Once it is stored, another tab shows it.
    const tab = await ada.context().newPage();
    await tab.goto('/');
    await expect(composerOf(tab)).toHaveValue('two lines\nof a draft', { timeout: 30_000 });
    await tab.close();
    await ada.reload();
    await expect(composerOf(ada)).toHaveValue('two lines\nof a draft', { timeout: 30_000 });
    await expect(ada.getByText(/^Replying to /)).toBeVisible();
    await composerOf(ada).press('Enter');
    await expect(linesOf(ada, 'of a draft').getByRole('button', { name: /^In answer to/ })).toContainText(question);

    // Invisible characters are no reason to refuse a message. A refused message holds back later ones, with a notice.
    const pasted = unique('pasted');
    await say(ada, `\ufeff${pasted}\u202a`);
    await expect(linesOf(ada, pasted)).toHaveCount(1);
    const refused = unique('stacked');
    await composerOf(ada).fill(`${refused} e${'\u0301'.repeat(100)}`);
    await composerOf(ada).press('Enter');
    await expect(linesOf(ada, refused)).toContainText('not sent');
    const next = unique('next');
    await say(ada, next);
    await expect(linesOf(ada, next)).toContainText('waits for the one above');
    await linesOf(ada, refused).getByRole('button', { name: 'Discard' }).click();
    await expect(linesOf(ada, next).getByText(/^(waits|waiting|sending)/)).toHaveCount(0);
  },
);

test(
  'a link shows what its page says, and nothing is asked of a forbidden address',
  onOneScreen,
  async ({ strangers, server }) => {
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
    // The preview of a later link comes later.
    const later = unique('later');
    await say(ada, `${later} http://${server.site.host}/${later.replace(/\W/g, '-')}`);
    await expect(linesOf(ben, later).locator('ch-link-card')).toContainText('Trails & huts');
    await expect(linesOf(ben, secret)).toHaveCount(1);
    await expect(linesOf(ben, secret).locator('ch-link-card')).toHaveCount(0);
  },
);
