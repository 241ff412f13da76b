import * as fc from 'fast-check';
import { findMentions, isMentioned } from './mentions';
import type { User } from './resources';

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
