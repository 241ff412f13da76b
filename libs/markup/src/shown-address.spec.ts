import { safeHref } from './links';
import { isMisleading, shownAddress } from './shown-address';

const shown = (written: string) =>
  shownAddress(safeHref(written.startsWith('www') ? `http://${written}` : written)!, written);

describe('shownAddress', () => {
  it.each([
    'https://a.com/B?c#d',
    'www.A.com',
    'http://[::1]:80/x',
    'https://例子.com/路',
    'https://例えばテスト.jp',
    'https://한국.kr',
    'https://пример.рф/путь',
    'https://münchen.de:8443/Straße',
    'https://ไทย.ไทย',
    'mailto:me@a.com',
  ])('shows %s as it was typed', (written) => expect(shown(written)).toBe(written));

  it.each([
    ['https://аррӏе.com/x', 'https://xn--80ak6aa92e.com/x'],
    ['https://аррӏе.com:80/x', 'https://xn--80ak6aa92e.com:80/x'],
    ['www.аррӏе.com', 'www.xn--80ak6aa92e.com'],
    ['https://pаypal.com', 'https://xn--pypal-4ve.com'],
    ['https://αβγ.com', 'https://xn--mxacd.com'],
    ['https://ɡoogle.com', 'https://xn--oogle-qmc.com'],
    ['https://bank.comノlogin.evil.com', 'https://bank.xn--comlogin-634g.evil.com'],
    ['https://ｂａｎｋ.com/x', 'https://bank.com/x'],
    ['https://ba\u00adnk.com', 'https://bank.com'],
  ])('shows the host of %s as %s', (written, text) => {
    expect(shown(written)).toBe(text);
  });

  it('lets nothing turn the address around', () => {
    expect(shown('https://a.com/\u202ekcab')).toBe('https://a.com/%E2%80%AEkcab');
  });
});

describe('isMisleading', () => {
  const href = 'https://evil.com/x';

  it.each([
    'https://bank.com',
    'http://bank.com/x',
    'www.bank.com',
    'bank.com',
    'Bank.com/login now',
    'go to bank.com now',
    'bank.technology',
    'bаnk.com',
    'ba\u200bnk.com',
    'bank.tech\u200bnology',
    'bank․com',
    'ｂａｎｋ.com',
    '10.0.0.1',
    'me@bank.com',
    '**https://bank.com**',
  ])('is so for %s, which leads somewhere else', (text) => expect(isMisleading(text, href)).toBe(true));

  it.each([
    'here',
    'evil.com',
    'https://evil.com/other',
    'www.evil.com',
    'see evil.com now',
    '很好。真的',
    'v1.25',
    'e.g. this',
    '',
  ])('is not for %s', (text) => expect(isMisleading(text, href)).toBe(false));

  it('is so for the right host in letters that look like others', () => {
    expect(isMisleading('аррӏе.com', 'https://xn--80ak6aa92e.com/')).toBe(true);
    expect(isMisleading('例子.com', 'https://xn--fsqu00a.com/')).toBe(false);
  });

  it('holds a mailbox against a mailbox', () => {
    expect(isMisleading('me@a.com', 'mailto:me@a.com')).toBe(false);
    expect(isMisleading('you@a.com', 'mailto:me@a.com')).toBe(true);
    expect(isMisleading('a.com', 'mailto:me@a.com')).toBe(false);
  });
});
