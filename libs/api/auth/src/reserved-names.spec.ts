import { isReservedName } from './reserved-names';

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
  ])('keeps %p from guests', (name) => expect(isReservedName(name)).toBe(true));

  it.each(['小桃', 'Adminda', 'badmin', 'Guest', 'modest', '管理', '🌷', '…', 'Boten Anna'])('leaves %p free', (name) =>
    expect(isReservedName(name)).toBe(false),
  );
});
