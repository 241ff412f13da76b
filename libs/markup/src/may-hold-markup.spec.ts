import * as fc from 'fast-check';
import { parseMarkup } from './parse-markup';
import { mayHoldMarkup } from './may-hold-markup';

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'a',
      '你好',
      '😀',
      ' ',
      '  ',
      '\t',
      '\n',
      '\n\n',
      '*',
      '_',
      '~',
      '~~',
      '`',
      '```',
      '[',
      ']',
      '(',
      ')',
      '](',
      '<',
      '>',
      '> ',
    ],
    ...[
      '-',
      '- ',
      '+ ',
      '1.',
      '1. ',
      '12) ',
      '2021. ',
      '#',
      '=',
      '\\',
      '\r',
      '\0',
      'https://a.com',
      '://',
      'www.a.com',
      'mailto:a@b.c',
      '.',
    ],
  ),
  fc.string({ maxLength: 3 }),
);
const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

/** Returns the shown text of plain blocks, with a blank line between paragraphs. Undefined if there is more than text. */
function shown(text: string): string | undefined {
  const lines: string[] = [];
  for (const block of parseMarkup(text)) {
    if (block.kind !== 'paragraph' || block.children.some(({ kind }) => kind !== 'text' && kind !== 'break'))
      return undefined;
    lines.push(block.children.map((node) => (node.kind === 'text' ? node.text : '\n')).join(''));
  }
  return lines.join('\n\n');
}

describe('mayHoldMarkup', () => {
  it('is false only for what shows as it was typed', () => {
    fc.assert(
      fc.property(texts, (text) => {
        if (!mayHoldMarkup(text)) expect(shown(text)).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '',
    'hello',
    '大家好！第一次來 🌷',
    'a\n\n\nb',
    '+1',
    '2021. 很好',
    '>w<',
    'a > b',
    '3.14',
    'wait - what? (yes) <3',
    '#tag @momo',
  ])('is false for %j', (text) => expect(mayHoldMarkup(text)).toBe(false));

  it.each([
    '**a**',
    '`a`',
    '~~a~~',
    '> a',
    'b\n> a',
    '- a',
    '1) a',
    'https://a.com',
    'www.a.com',
    '[a](https://b.c)',
    'a\n \nb',
  ])('is true for %j', (text) => expect(mayHoldMarkup(text)).toBe(true));
});
