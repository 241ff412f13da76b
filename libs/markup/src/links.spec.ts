import * as fc from 'fast-check';
import { findLinks, safeHref } from './links';

const links = (text: string) => findLinks(text).map(({ written, href }) => [written, href]);

describe('findLinks', () => {
  it('says where in the message a link stands', () => {
    for (const text of [
      'plain',
      'a https://a.com/x，b',
      '看 www.a.com！好',
      '<b>https://x.y</b>',
      'https://a.b https://c.d',
      '看https://a.b再看𠮷www.c.d',
    ])
      for (const { index, written } of findLinks(text)) expect(text.startsWith(written, index)).toBe(true);
  });

  it('finds http, https, mailto and www addresses', () => {
    expect(links('see https://a.com/b?c=d#e and http://x.org')).toEqual([
      ['https://a.com/b?c=d#e', 'https://a.com/b?c=d#e'],
      ['http://x.org', 'http://x.org/'],
    ]);
    expect(links('mailto:me@a.com')).toEqual([['mailto:me@a.com', 'mailto:me@a.com']]);
    expect(links('www.a.com')).toEqual([['www.a.com', 'http://www.a.com/']]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.com',
    '//a.com/x',
    'notes.md',
    'a.com',
    'file:///etc/passwd',
  ])('makes no link of %s', (text) => expect(links(text)).toEqual([]));

  it('finds a link right behind writing without spaces', () => {
    expect(links('看https://a.com/b')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('見𠮷www.a.com　ですhttp://b.com')).toEqual([
      ['www.a.com', 'http://www.a.com/'],
      ['http://b.com', 'http://b.com/'],
    ]);
    expect(links('サーバーhttp://a.com')).toEqual([['http://a.com', 'http://a.com/']]);
    expect(links('xhttps://a.com ewww.a.com')).toEqual([]);
  });

  it.each(['https://测试www.a.com/x', 'https://a.org/web/中文https://b.com/x', 'https://t.cn/?u=看https://y.com&z=1'])(
    'leaves %s in one piece',
    (text) => expect(links(text).map(([written]) => written)).toEqual([text]),
  );

  it('leaves Chinese and other punctuation behind a link out of it', () => {
    expect(links('看 https://a.com/b，很好')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('（https://a.com/b）。')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('https://a.com/b～好')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('「https://a.com」！')).toEqual([['https://a.com', 'https://a.com/']]);
    expect(links('https://a.com/b.')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('(https://a.com/b_(c))')).toEqual([['https://a.com/b_(c)', 'https://a.com/b_(c)']]);
  });
});

describe('safeHref', () => {
  it('gives an address as the browser writes it', () => {
    expect(safeHref('HTTPS://A.com')).toBe('https://a.com/');
    expect(safeHref('http://例子.com/路')).toBe('http://xn--fsqu00a.com/%E8%B7%AF');
    expect(safeHref('mailto:me@a.com')).toBe('mailto:me@a.com');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript&#58;alert(1)',
    'javascript&colon;alert(1)',
    'javascript://a.com/%0aalert(1)',
    'data:text/html,<script>1</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://a.com/1',
    'ftp://a.com/',
    '//a.com',
    '/settings',
    'a.com',
    '',
    'http:a.com',
    'https:\\\\a.com',
    'ht\ttps://a.com',
    'https://a.com/\u0085x',
    'https://',
    'https:///',
    'http://[::1',
    'mailto:',
    'mailto:nobody',
    'mailto:a@b.c?body=sent',
  ])('refuses %j', (raw) => expect(safeHref(raw)).toBeUndefined());

  it('refuses credentials: the bank is not where https://bank.com@evil.com leads', () => {
    for (const raw of ['https://bank.com@evil.com', 'https://bank.com:443@evil.com/x', 'https://:x@evil.com'])
      expect(safeHref(raw)).toBeUndefined();
  });

  it('gives nothing but http, https and mailto, whatever comes', () => {
    const piece = fc.constantFrom(
      'javascript:',
      'data:',
      'https://',
      'http:',
      'mailto:',
      '//',
      'a.com',
      '@',
      '\t',
      '&#58;',
      '\\',
    );
    const raw = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(raw, (text) => {
        const href = safeHref(text);
        if (href === undefined) return;
        const url = new URL(href);
        expect(url.href).toBe(href);
        expect(['http:', 'https:', 'mailto:']).toContain(url.protocol);
        expect(url.username + url.password).toBe('');
      }),
      { numRuns: 1_000 },
    );
  });
});
