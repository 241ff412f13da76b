import { isSwitcherKey, type SwitcherPress } from './switcher-key';

const press = (more: Partial<SwitcherPress>): SwitcherPress => ({
  key: 'k',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 75,
  ...more,
});

describe('isSwitcherKey', () => {
  it('is Ctrl K or ⌘ K, in both cases of the letter', () => {
    expect(isSwitcherKey(press({ ctrlKey: true }))).toBe(true);
    expect(isSwitcherKey(press({ metaKey: true, key: 'K' }))).toBe(true);
  });

  it('is no other combination', () => {
    expect(isSwitcherKey(press({}))).toBe(false);
    expect(isSwitcherKey(press({ ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(isSwitcherKey(press({ ctrlKey: true, metaKey: true }))).toBe(false);
    expect(isSwitcherKey(press({ ctrlKey: true, key: 'j' }))).toBe(false);
  });

  it('is never a key of an input method', () => {
    expect(isSwitcherKey(press({ ctrlKey: true, isComposing: true }))).toBe(false);
    expect(isSwitcherKey(press({ ctrlKey: true, keyCode: 229 }))).toBe(false);
  });
});
