/** Fields of a key event that the help shortcut depends on. */
export interface HelpKeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** Returns true for Ctrl / or ⌘ / anywhere, and for a question mark (half or full width) outside text fields. */
export function isHelpShortcut(press: HelpKeyPress, isTyping: boolean): boolean {
  if (press.isComposing || press.keyCode === 229 || press.altKey) return false;
  if (press.key === '/') return press.ctrlKey !== press.metaKey;
  return !isTyping && (press.key === '?' || press.key === '？') && !press.ctrlKey && !press.metaKey;
}

/** Returns true if the element accepts text input. */
export function isTextField(target: { tagName?: string; type?: string; isContentEditable?: boolean } | null): boolean {
  if (!target) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target.tagName === 'INPUT' && !['button', 'checkbox', 'radio', 'range', 'submit'].includes(target.type ?? '');
}
