import { splitLinks } from './split-links';

const links = (text: string) => splitLinks(text).flatMap(({ text, href }) => (href ? [[text, href]] : []));

describe('splitLinks', () => {
  it('keeps every character of the message', () => {
    for (const text of ['', 'plain', 'a https://a.com/x，b', '看www.a.com！好', '<b>https://x.y</b>'])
      expect(
        splitLinks(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
  });

  it('finds http, https, mailto and www addresses', () => {
    expect(links('see https://a.com/b?c=d#e and http://x.org')).toEqual([
      ['https://a.com/b?c=d#e', 'https://a.com/b?c=d#e'],
      ['http://x.org', 'http://x.org/'],
    ]);
    expect(links('mailto:me@a.com')).toEqual([['mailto:me@a.com', 'mailto:me@a.com']]);
    expect(links('www.a.com')).toEqual([['www.a.com', 'http://www.a.com/']]);
  });

  it('makes no link of other schemes or of bare words with a dot', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://a.com',
      '//a.com/x',
      'notes.md',
      'a.com',
      'file:///etc/passwd',
    ])
      expect(links(text)).toEqual([]);
  });

  it('leaves Chinese and other punctuation behind a link out of it', () => {
    expect(links('看 https://a.com/b，很好')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('（https://a.com/b）。')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('「https://a.com」！')).toEqual([['https://a.com', 'https://a.com/']]);
    expect(links('https://a.com/b.')).toEqual([['https://a.com/b', 'https://a.com/b']]);
    expect(links('(https://a.com/b_(c))')).toEqual([['https://a.com/b_(c)', 'https://a.com/b_(c)']]);
  });
});
