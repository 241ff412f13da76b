import { isEmojiOnly } from './emoji-only';

describe('isEmojiOnly', () => {
  it('is true of a few emoji, however they are composed', () => {
    for (const text of ['🎉', '👍🏽 ❤️', '👩‍👩‍👧🇹🇼']) expect(isEmojiOnly(text)).toBe(true);
  });

  it('is false of text, of digits and of many emoji', () => {
    for (const text of ['', 'a', '🎉!', '12', '🎉'.repeat(7)]) expect(isEmojiOnly(text)).toBe(false);
  });
});
