/** Fields of a key event that decide whether it types a character. */
export interface TypingKeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  keyCode: number;
  defaultPrevented: boolean;
  getModifierState(key: string): boolean;
}

/**
 * Returns true if a key types a character, or starts one by a dead key or an input method. A space does not count:
 * outside text fields it presses buttons and scrolls.
 */
export function isTypingKey(press: TypingKeyPress): boolean {
  if (press.defaultPrevented || press.metaKey) return false;
  // Windows reports AltGr as Ctrl and Alt.
  if ((press.ctrlKey || press.altKey) && !press.getModifierState('AltGraph')) return false;
  if (press.keyCode === 229 || press.key === 'Process' || press.key === 'Dead') return true;
  return [...press.key].length === 1 && press.key.trim() !== '';
}
