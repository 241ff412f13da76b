/** Fields of a key event that a shortcut depends on. */
export interface ShortcutPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** Returns true for Ctrl K or ⌘ K, but not for keys consumed by an input method. */
export function isSwitcherShortcut(press: ShortcutPress): boolean {
  if (press.isComposing || press.keyCode === 229 || press.altKey || press.shiftKey) return false;
  return press.key.toLowerCase() === 'k' && press.ctrlKey !== press.metaKey;
}
