/** What of a key press decides whether it asks for the list of keys. */
export interface HelpKeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** Ctrl / or ⌘ / anywhere; a question mark, also the wide one, where nobody is writing. */
export function isHelpShortcut(press: HelpKeyPress, isTyping: boolean): boolean {
  if (press.isComposing || press.keyCode === 229 || press.altKey) return false;
  if (press.key === '/') return press.ctrlKey !== press.metaKey;
  return !isTyping && (press.key === '?' || press.key === '？') && !press.ctrlKey && !press.metaKey;
}

/** Whether keys become text there. */
export function isTextField(target: { tagName?: string; type?: string; isContentEditable?: boolean } | null): boolean {
  if (!target) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target.tagName === 'INPUT' && !['button', 'checkbox', 'radio', 'range', 'submit'].includes(target.type ?? '');
}
