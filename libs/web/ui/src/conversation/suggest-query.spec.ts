import * as fc from 'fast-check';
import { closedShortcode, queryAt } from './suggest-query';

const at = (text: string) => queryAt(text, text.length);

describe('queryAt', () => {
  it.each([
    ['@', { kind: 'person', text: '', from: 0 }],
    ['hi @mo', { kind: 'person', text: 'mo', from: 3 }],
    ['你好＠小', { kind: 'person', text: '小', from: 2 }],
    ['(@mo', { kind: 'person', text: 'mo', from: 1 }],
    [':sm', { kind: 'emoji', text: 'sm', from: 0 }],
    ['很好 ：笑', { kind: 'emoji', text: '笑', from: 3 }],
    ['yes :+1', { kind: 'emoji', text: '+1', from: 4 }],
  ])('finds what %s begins', (text, query) => {
    expect(at(text)).toEqual(query);
  });

  it.each([
    'me@mo',
    'a:bc',
    ':s',
    '10:30',
    'hi @mo ',
    '@@',
    '`@mo',
    '```\n@mo',
    'http://ab',
    '他说：好',
    '明天:雨',
    '',
  ])('finds nothing in %s', (text) => {
    expect(at(text)).toBeUndefined();
  });

  it('ends at the caret, and always has the index of its sign', () => {
    expect(queryAt('@momo lee', 3)).toEqual({ kind: 'person', text: 'mo', from: 0 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom('@', ':', 'mo', '小', ' ', '`', '\n', '，')), fc.nat(), (pieces, n) => {
        const text = pieces.join('');
        const caret = n % (text.length + 1);
        const query = queryAt(text, caret);
        if (!query) return;
        expect(text.slice(query.from + 1, caret)).toBe(query.text);
        expect(query.kind === 'person' ? '@' : ':').toBe(text[query.from]);
      }),
    );
  });
});

test('a shortcode is closed by its second colon, outside of code', () => {
  expect(closedShortcode('ok :smile:', 10)).toEqual({ code: 'smile', from: 3 });
  expect(closedShortcode('`:smile:', 8)).toBeUndefined();
  expect(closedShortcode('10:30:', 6)).toEqual({ code: '30', from: 2 });
  expect(closedShortcode('a::', 3)).toBeUndefined();
});
