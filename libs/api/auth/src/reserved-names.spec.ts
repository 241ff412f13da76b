import * as fc from 'fast-check';
import { isReservedName, isReservedUsername } from './reserved-names';

describe('isReservedName', () => {
  it.each([
    'admin',
    'Admin',
    'ADMIN',
    'ａｄｍｉｎ',
    'a d m i n',
    '-=admin=-',
    'ad\u200bmin',
    '★ Moderator ★',
    'CloudHop',
    '管理員',
    '管理员',
    ' 客服 ',
    'adm1n',
    '4dm1n',
    '@dmin',
    'Ädmin',
    'Àdmíñ',
    'Аdmin',
    'αdmin',
    'ΑDΜΙΝ',
    'AdmIn',
    'Adm|n',
    'adrnin',
    'Administrat0r',
    'Adminіstrаtоr',
    'm0d',
    'Cl0udh0p',
    'cIoudhop',
    'C1oudhop Team',
    '$upport',
    'админ',
    '🛡 Admin',
    'Guest 43252a',
    'guest43252A',
    'Guеst 4З252a',
    'Gu3st 43252a',
    '訪客 43252a',
    '访客43252a',
    '訪客 #43252a',
    'Guest O0l1Ia',
    'Momo #43252a',
    '小桃＃43252a',
    'Momo @boss',
    'Momo (＠boss)',
  ])('keeps %p from guests', (name) => expect(isReservedName(name)).toBe(true));

  it.each([
    '小桃',
    'Adminda',
    'badmin',
    'Guest',
    'modest',
    '管理',
    '🌷',
    '…',
    'Boten Anna',
    '訪客',
    'Guest of honour',
    'Guest 2026',
    '43252a',
    '#1 fan',
    '#hiking',
    'home @ 8',
    'Modi',
    'Bota',
    'Иван',
    'Nöd',
  ])('leaves %p free', (name) => expect(isReservedName(name)).toBe(false));

  it('keeps every mixture of look-alikes of a reserved name', () => {
    const alike: Record<string, string[]> = {
      a: ['a', 'A', '4', '@', 'а', 'А', 'α', 'Α', 'ä', 'á', 'ａ'],
      d: ['d', 'D', 'ԁ'],
      m: ['m', 'M', 'М', 'rn', 'Μ'],
      i: ['i', 'I', '1', 'l', 'і', 'Ι', '!', 'í', 'İ', '|'],
      n: ['n', 'N', 'ñ', 'Ν'],
    };
    const spelling = fc.tuple(...[...'admin'].map((letter) => fc.constantFrom(...alike[letter]!)));
    fc.assert(
      fc.property(spelling, (letters) => isReservedName(letters.join(''))),
      { numRuns: 2_000 },
    );
  });
});

describe('isReservedUsername', () => {
  it.each(['admin', 'adm1n', 'cIoudhop', 'АDМIN', 'М0D', 'guest43252a', '4З252а', '4325Ol'])('keeps %p', (name) =>
    expect(isReservedUsername(name)).toBe(true),
  );

  it.each(['momo', 'decode', 'ballad', 'boss', 'иван', '小桃', '20261130'])('leaves %p free', (name) =>
    expect(isReservedUsername(name)).toBe(false),
  );
});
