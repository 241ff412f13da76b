const emojiOnly = /^(?:\p{RGI_Emoji}\s*){1,6}$/v;

/** A message of nothing but one to six emoji is drawn larger. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 120 && emojiOnly.test(text);
}
