import type { ShortcutPress } from './switcher-shortcut';

/** Returns true for Ctrl Shift F or ⌘ Shift F, but not for keys consumed by an input method. */
export function isSearchShortcut(press: ShortcutPress): boolean {
  if (press.isComposing || press.keyCode === 229 || press.altKey || !press.shiftKey) return false;
  return press.key.toLowerCase() === 'f' && press.ctrlKey !== press.metaKey;
}
