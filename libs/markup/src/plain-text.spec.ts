import { parseMarkup } from './parse-markup';
import { plainText, previewLink } from './plain-text';

describe('plainText', () => {
  it.each([
    ['**bold** and `code`', 'bold and code'],
    ['a\n\nb\nc', 'a b c'],
    ['> said\nanswer', 'said answer'],
    ['- a\n- *b*', 'a b'],
    ['3. a\n4. b', '3. a 4. b'],
    ['```js\nlet a;\n\tlet b;\n```', 'let a; let b;'],
    ['[here](https://a.com) https://b.com', 'here https://b.com'],
  ])('says %j as %s', (text, said) => expect(plainText(parseMarkup(text))).toBe(said));
});

describe('previewLink', () => {
  const href = (text: string) => previewLink(parseMarkup(text))?.href;

  it('is the first address of a page that stands by itself', () => {
    expect(href('see https://a.com and https://b.com')).toBe('https://a.com/');
    expect(href('mailto:me@a.com **https://b.com/x**')).toBe('https://b.com/x');
    expect(href('- one\n- www.a.com')).toBe('http://www.a.com/');
  });

  it('keeps what was typed, for whoever looks for it in the message', () => {
    expect(previewLink(parseMarkup('www.аррӏе.com'))?.written).toBe('www.аррӏе.com');
  });

  it.each([
    '`https://a.com`',
    '```\nhttps://a.com\n```',
    '<https://a.com>',
    '> https://a.com',
    '[x](https://a.com)',
    'a.com',
  ])('is not in %j', (text) => expect(href(text)).toBeUndefined());
});
