/** Fields of a key press that decide whether it sends. */
export interface KeyPress {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
  timeStamp: number;
}

/**
 * Time after a composition in which Enter doesn't send, in milliseconds. Safari ends the composition before the key
 * press that ended it; nobody types Enter twice within this time.
 */
const compositionTailMs = 40;

/**
 * Returns whether this Enter sends: never with Shift, and never the Enter that only picks a word of an input method.
 */
export function isSendingEnter(press: KeyPress, compositionEndedAt = -Infinity): boolean {
  if (press.key !== 'Enter' || press.shiftKey || press.altKey) return false;
  if (press.isComposing || press.keyCode === 229) return false;
  return press.timeStamp - compositionEndedAt > compositionTailMs;
}
