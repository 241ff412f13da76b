/** What of a key press decides whether it sends. */
export interface KeyPress {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
  timeStamp: number;
}

/** Safari ends the composition before the key press that ended it: no person types Enter twice within this time. */
const compositionTailMs = 40;

/** Whether this Enter sends: never with Shift, and never the Enter that only picks a word of an input method. */
export function isSendingEnter(press: KeyPress, compositionEndedAt = -Infinity): boolean {
  if (press.key !== 'Enter' || press.shiftKey || press.altKey) return false;
  if (press.isComposing || press.keyCode === 229) return false;
  return press.timeStamp - compositionEndedAt > compositionTailMs;
}
