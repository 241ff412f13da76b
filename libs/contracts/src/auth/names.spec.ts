import * as fc from 'fast-check';
import { Password, Username } from './names';
import { usernameKey } from './username-key';
import { limits } from '../limits';

const characters = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'aZ09_.-é小さㄅ초Иа'), maxLength: 40 }),
  fc.string({ unit: 'binary' }),
);

test('any text is a username or is told why not, and a username stays as it is', () => {
  fc.assert(
    fc.property(characters, (text) => {
      const first = Username.safeParse(text);
      if (!first.success) return first.error.issues.every(({ message }) => message !== '');
      const again = Username.safeParse(first.data);
      return again.success && again.data === first.data;
    }),
  );
});

test('the key is one for all cases and widths, and the key of a key is itself', () => {
  fc.assert(
    fc.property(characters, (text) => {
      const key = usernameKey(text);
      return usernameKey(key) === key && usernameKey(text.normalize('NFKC')) === key;
    }),
  );
  expect(usernameKey('Ｍomo')).toBe(usernameKey('MOMO'));
});

test.each([
  'momo',
  '小桃樂園',
  'さくら_2',
  '초록이',
  'Ñandú',
  'Иван',
  'たろうtaro',
  'ㄅㄆㄇ',
  'a.b-c_1',
  '43252',
  '43252ab',
  '43252g',
  'नमस्ते',
])('takes %s', (name) => expect(Username.parse(name)).toBe(name.normalize('NFKC')));

test.each([
  'ab',
  'a b',
  'a@b',
  'pаypal',
  'Ивan',
  'αβγ小',
  'a\u200bbc',
  'a\u202ebc',
  '\ud800abc',
  'x'.repeat(33),
  '🌷🌷🌷',
  // At an end, a sign belongs to the sentence around the name; runs of signs can't be told apart.
  'boss.',
  'boss-',
  '.momo',
  '__momo',
  'a--b',
  'a_.b',
  '\u0301momo',
  // As the tag of a guest.
  '43252a',
  'FACADE',
  '４３２５２ａ',
  // Invisible, though letters and marks.
  'mo\u034fmo',
  'momo\ufe0f',
  'mo\u3164mo',
  'mo\u115fmo',
  'mo\u180bmo',
])('refuses %j', (name) => expect(Username.safeParse(name).success).toBe(false));

test('a password is long enough for people and short enough to hash', () => {
  expect(Password.safeParse('1234567').success).toBe(false);
  expect(Password.safeParse('密碼密碼密碼密碼').success).toBe(true);
  expect(Password.safeParse('x'.repeat(limits.passwordBytes + 1)).success).toBe(false);
});
