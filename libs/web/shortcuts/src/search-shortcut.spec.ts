import { isSearchShortcut } from './search-shortcut';

const plain = {
  key: 'F',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: true,
  isComposing: false,
  keyCode: 70,
};

describe('isSearchShortcut', () => {
  it('is Ctrl Shift F or ⌘ Shift F', () => {
    expect(isSearchShortcut({ ...plain, ctrlKey: true })).toBe(true);
    expect(isSearchShortcut({ ...plain, metaKey: true, key: 'f' })).toBe(true);
  });

  it('leaves the browser its own search, and letters to whoever types', () => {
    expect(isSearchShortcut({ ...plain, ctrlKey: true, shiftKey: false })).toBe(false);
    expect(isSearchShortcut(plain)).toBe(false);
    expect(isSearchShortcut({ ...plain, ctrlKey: true, altKey: true })).toBe(false);
    expect(isSearchShortcut({ ...plain, ctrlKey: true, metaKey: true })).toBe(false);
  });

  it('is never a key of an input method', () => {
    expect(isSearchShortcut({ ...plain, ctrlKey: true, isComposing: true })).toBe(false);
    expect(isSearchShortcut({ ...plain, ctrlKey: true, keyCode: 229 })).toBe(false);
  });
});
