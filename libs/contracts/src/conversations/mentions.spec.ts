import * as fc from 'fast-check';
import type { User } from '../auth/resources';
import { findMentions, isMentioned, mentionKeyOf, mentionKeys, notifies } from './mentions';
import { limits } from '../limits';

const guest = { tag: 'e20b5f' };
const member = { username: 'Momo.Lee' };
const chinese = { username: '小桃' };

test.each([
  ['@momo.lee look', member, true],
  ['look, @MOMO.LEE.', member, true],
  ['＠ｍｏｍｏ.ｌｅｅ', member, true],
  ['@momo.lee你好', member, true],
  ['你好@小桃，明天', chinese, true],
  ['@小桃你好', chinese, true],
  ['@小𠮷你好', { username: '小𠮷' }, true],
  ['@momo.lee𠮷', member, true],
  ['(@e20b5f)', guest, true],
  ['@momo.lees', member, false],
  ['@momo.lee.jones', member, false],
  ['@momo', member, false],
  ['mail me@momo.lee', member, false],
  ['momo.lee', member, false],
  ['@@momo.lee', member, true],
  ['@e20b5f0', guest, false],
  ['hello', guest, false],
])('%s', (body, user, isNamed) => {
  expect(isMentioned(body, user)).toBe(isNamed);
});

test('who has neither name nor tag is named by nothing', () => {
  fc.assert(fc.property(fc.string(), (body) => !isMentioned(`@${body}`, {})));
});

test('a message names at most twenty, and takes no longer the more it tries', () => {
  const crowd = Array.from({ length: 5_000 }, (_, n) => `@n${n}`).join(' ');
  expect(isMentioned(`${crowd} @e20b5f`, guest)).toBe(false);
  expect(isMentioned(`@e20b5f ${crowd}`, guest)).toBe(true);
});

test('any text around it, and any case and width of it, names the same person', () => {
  const around = fc.string({ unit: fc.constantFrom(' ', '，', '你', '好', '!', '\n') });
  fc.assert(
    fc.property(around, around, fc.constantFrom('momo.lee', 'MOMO.LEE', 'Ｍomo.lee'), (before, after, name) => {
      expect(isMentioned(`${before}@${name}${after}`, member)).toBe(true);
    }),
  );
});

test('whoever is found in a text is named in it, and the other way round', () => {
  const people = new Map<string, Pick<User, 'username' | 'tag'>>([
    ['momo.lee', member],
    ['momo', { username: 'momo' }],
    ['小桃', chinese],
    ['e20b5f', guest],
  ]);
  const piece = fc.constantFrom(
    '@',
    '＠',
    'momo',
    '.lee',
    'Momo.Lee',
    '小桃',
    'e20b5f',
    ' ',
    '，',
    '好',
    'x',
    '.',
    '-',
    '_',
    '0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const body = pieces.join('');
      const found = new Set(findMentions(body, (key) => people.get(key)).map((mention) => mention.found));
      // Of two names that fit the longer counts in what is drawn; being told once too often is no harm.
      for (const person of found) expect(isMentioned(body, person)).toBe(true);
      for (const person of people.values())
        if (isMentioned(body, person) && person.username !== 'momo') expect(found).toContain(person);
    }),
    { numRuns: 2_000 },
  );
});

test('a mention stands where it was typed, and the longer of two names counts', () => {
  const find = (key: string) => ({ momo: 'short', 'momo.lee': 'long' })[key];
  expect(findMentions('hi ＠Ｍomo.Lee！ and @momo.', find)).toEqual([
    { from: 3, to: 12, found: 'long' },
    { from: 18, to: 23, found: 'short' },
  ]);
});

/** The rule as a reader would check it for one name: the name follows a sign and ends where names end. */
function namesDirectly(body: string, name: string): boolean {
  const text = body.normalize('NFKC').toLowerCase().normalize('NFKC');
  const east = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;
  return [...text.matchAll(/@/g)].some(({ index }) => {
    if (index > 0 && /[\p{Script=Latin}\p{N}_]/u.test(text[index - 1]!)) return false;
    const rest = text.slice(index + 1 + name.length);
    const [last = '', next = ''] = [[...name].at(-1), [...rest][0]];
    const isEnd = east.test(last) || !/^(?:[._-]*[\p{L}\p{N}\p{M}]|_)/u.test(rest) || east.test(next);
    return text.startsWith(name, index + 1) && isEnd;
  });
}

const names = ['momo', 'momo.lee', '小桃', '小桃子', '小𠮷', 'e20b5f', 'ab_', 'ａｂ'];
const pieces = ['@', '＠', 'momo', '.lee', '小', '桃', '子', 'e20b5f', 'Ab_', ' ', '，', '.', '_', '𠮷', '\ud840'];

test('a message names exactly the users that have one of its keys', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (parts) => {
      const body = parts.join('');
      const keys = mentionKeys(body);
      for (const username of names) {
        const isNamed = namesDirectly(body, mentionKeyOf({ username })!);
        expect(keys.includes(mentionKeyOf({ username })!)).toBe(isNamed);
        expect(isMentioned(body, { username })).toBe(isNamed);
      }
      // Postgres keeps them as they are: separated by spaces, without half a character.
      for (const key of keys) expect([key.isWellFormed(), /\s/u.test(key)]).toEqual([true, false]);
    }),
    { numRuns: 2_000 },
  );
});

test('the keys of a message are bounded, whatever it holds', () => {
  const hostile = fc.string({ unit: fc.constantFrom('@', '桃', 'a', ' ', '.'), maxLength: 4_000 });
  fc.assert(
    fc.property(hostile, (body) => {
      expect(mentionKeys(body).join('').length).toBeLessThanOrEqual(limits.mentionKeyCharacters);
    }),
  );
  expect(mentionKeys(`@${'桃'.repeat(4_000)}`).join('').length).toBeGreaterThan(limits.mentionKeyCharacters / 2);
});

test('in writing without spaces a long text after one name takes no name from the others', () => {
  const han = (minLength: number, maxLength: number) =>
    fc.string({ unit: fc.constantFrom('桃', '王', '小', '明', '子'), minLength, maxLength, size: 'max' });
  const named = fc.tuple(han(1, 8), han(0, 200));
  fc.assert(
    fc.property(fc.array(named, { minLength: 1, maxLength: limits.mentions, size: 'max' }), (parts) => {
      const body = parts.map(([username, text]) => `@${username}${text}`).join('。');
      for (const [username] of parts) expect(isMentioned(body, { username })).toBe(true);
    }),
  );
});

test('an edited message notifies by the names that are left of those in it before', () => {
  expect(notifies({ body: '@momo @e20b5f', mentionKeys: ['momo'] }, guest)).toBe(false);
  expect(notifies({ body: '@momo @e20b5f', mentionKeys: ['e20b5f'] }, guest)).toBe(true);
  expect(notifies({ body: '@e20b5f' }, guest)).toBe(true);
});
