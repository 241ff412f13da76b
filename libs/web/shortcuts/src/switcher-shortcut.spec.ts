import { isSwitcherShortcut, type ShortcutPress } from './switcher-shortcut';

const press = (more: Partial<ShortcutPress>): ShortcutPress => ({
  key: 'k',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 75,
  ...more,
});

describe('isSwitcherShortcut', () => {
  it('is Ctrl K or ⌘ K, in both cases of the letter', () => {
    expect(isSwitcherShortcut(press({ ctrlKey: true }))).toBe(true);
    expect(isSwitcherShortcut(press({ metaKey: true, key: 'K' }))).toBe(true);
  });

  it('is no other combination', () => {
    expect(isSwitcherShortcut(press({}))).toBe(false);
    expect(isSwitcherShortcut(press({ ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(isSwitcherShortcut(press({ ctrlKey: true, metaKey: true }))).toBe(false);
    expect(isSwitcherShortcut(press({ ctrlKey: true, key: 'j' }))).toBe(false);
  });

  it('is never a key of an input method', () => {
    expect(isSwitcherShortcut(press({ ctrlKey: true, isComposing: true }))).toBe(false);
    expect(isSwitcherShortcut(press({ ctrlKey: true, keyCode: 229 }))).toBe(false);
  });
});
