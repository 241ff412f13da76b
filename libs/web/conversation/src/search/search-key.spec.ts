import { isSearchKey } from './search-key';

const plain = {
  key: 'F',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: true,
  isComposing: false,
  keyCode: 70,
};

describe('isSearchKey', () => {
  it('is Ctrl Shift F or ⌘ Shift F', () => {
    expect(isSearchKey({ ...plain, ctrlKey: true })).toBe(true);
    expect(isSearchKey({ ...plain, metaKey: true, key: 'f' })).toBe(true);
  });

  it('leaves the browser its own search, and letters to whoever types', () => {
    expect(isSearchKey({ ...plain, ctrlKey: true, shiftKey: false })).toBe(false);
    expect(isSearchKey(plain)).toBe(false);
    expect(isSearchKey({ ...plain, ctrlKey: true, altKey: true })).toBe(false);
    expect(isSearchKey({ ...plain, ctrlKey: true, metaKey: true })).toBe(false);
  });

  it('is never a key of an input method', () => {
    expect(isSearchKey({ ...plain, ctrlKey: true, isComposing: true })).toBe(false);
    expect(isSearchKey({ ...plain, ctrlKey: true, keyCode: 229 })).toBe(false);
  });
});
