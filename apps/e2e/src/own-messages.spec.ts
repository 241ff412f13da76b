import { expect, onOneScreen, test } from './fixtures';
import { composerOf, linesOf, openMenu, sayAndArrive, unique } from './people';

// On a phone messages.spec.ts covers reactions and edits, by the same menu.
test('a reaction is seen by all and can be taken back', onOneScreen, async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const text = unique('react to me');
  await sayAndArrive(ada, text);
  const menu = await openMenu(ben, linesOf(ben, text));
  await menu
    .getByRole('menuitem', { name: /^React with / })
    .first()
    .click();
  const chip = linesOf(ada, text).getByRole('button', { name: /, 1$/ });
  await expect(chip).toBeVisible();
  await chip.click();
  await expect(linesOf(ben, text).getByRole('button', { name: /, 2$/ })).toBeVisible();
  await linesOf(ben, text).getByRole('button', { name: /, 2$/ }).click();
  await expect(linesOf(ada, text).getByRole('button', { name: /, 1$/ })).toBeVisible();
});

test('an edit reaches everyone and says so', onOneScreen, async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const before = unique('before the edit');
  const after = unique('after the edit');
  await sayAndArrive(ada, before);
  await expect(linesOf(ben, before)).toHaveCount(1);
  const menu = await openMenu(ada, linesOf(ada, before));
  await menu.getByRole('menuitem', { name: 'Edit' }).click();
  await expect(composerOf(ada)).toHaveValue(before);
  await composerOf(ada).fill(after);
  await composerOf(ada).press('Enter');
  for (const page of [ada, ben]) {
    await expect(linesOf(page, after)).toContainText('edited');
    await expect(linesOf(page, before)).toHaveCount(0);
  }
});

// A phone has no arrow up.
test('the arrow up edits one’s last message, and Escape leaves it', onOneScreen, async ({ strangers }) => {
  const [ada] = await strangers(1);
  const text = unique('last words');
  await sayAndArrive(ada, text);
  await composerOf(ada).press('ArrowUp');
  await expect(composerOf(ada)).toHaveValue(text);
  // The edit survives a reload.
  await composerOf(ada).fill(`${text}, nearly`);
  await ada.reload();
  await expect(composerOf(ada)).toHaveValue(`${text}, nearly`, { timeout: 30_000 });
  await expect(ada.getByText('Editing')).toBeVisible();
  await composerOf(ada).press('Escape');
  await expect(composerOf(ada)).toHaveValue('');
  await expect(linesOf(ada, text)).toHaveCount(1);
});

test('a deletion can be undone, and else is gone for everyone', async ({ strangers }) => {
  const [ada, ben] = await strangers(2);
  const text = unique('delete me');
  const other = unique('delete me instead');
  for (const each of [text, other]) {
    await sayAndArrive(ada, each);
    await expect(linesOf(ben, each)).toHaveCount(1);
  }
  const remove = async (text: string) => {
    const menu = await openMenu(ada, linesOf(ada, text));
    await menu.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(linesOf(ada, text)).toHaveCount(0);
  };
  await remove(text);
  await ada.getByRole('button', { name: 'Undo' }).click();
  await expect(linesOf(ada, text)).toBeFocused();
  // A later deletion is sent later: the undone one would have been sent by then.
  await remove(other);
  await expect(linesOf(ben, other)).toHaveCount(0);
  await expect(linesOf(ben, text)).toHaveCount(1);
  await remove(text);
  await expect(linesOf(ben, text)).toHaveCount(0);
  await ada.reload();
  await expect(composerOf(ada)).toBeEditable();
  await expect(linesOf(ada, text)).toHaveCount(0);
});
