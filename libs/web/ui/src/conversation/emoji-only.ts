const emojiOnly = /^(?:\p{RGI_Emoji}\s*){1,6}$/v;

/** Returns whether a message consists of one to six emoji only, which is drawn larger. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 120 && emojiOnly.test(text);
}
