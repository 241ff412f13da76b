/** What of a key press decides whether it opens the switcher. */
export interface ShortcutPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** Ctrl K or ⌘ K alone, and never a key that an input method is using. */
export function isSwitcherShortcut(press: ShortcutPress): boolean {
  if (press.isComposing || press.keyCode === 229 || press.altKey || press.shiftKey) return false;
  return press.key.toLowerCase() === 'k' && press.ctrlKey !== press.metaKey;
}
