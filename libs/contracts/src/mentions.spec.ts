import * as fc from 'fast-check';
import { isMentioned } from './mentions';

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
