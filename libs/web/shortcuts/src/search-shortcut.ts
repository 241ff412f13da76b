import type { ShortcutPress } from './switcher-shortcut';

/** Ctrl Shift F or ⌘ Shift F alone, and never a key that an input method is using. */
export function isSearchShortcut(press: ShortcutPress): boolean {
  if (press.isComposing || press.keyCode === 229 || press.altKey || !press.shiftKey) return false;
  return press.key.toLowerCase() === 'f' && press.ctrlKey !== press.metaKey;
}
