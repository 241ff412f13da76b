import * as fc from 'fast-check';
import type { Block, Inline } from './nodes';
import { parseMarkup } from './parse-markup';

/** A tree in short: `<strong …>`, `<code …>`, `⏎` for a break, ` ¶ ` between blocks. */
const inline = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'break') return '⏎';
      if (node.kind === 'code') return `<code ${node.text}>`;
      return `<${node.kind === 'link' ? node.href : node.kind} ${inline(node.children)}>`;
    })
    .join('');
const short = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'paragraph') return inline(block.children);
      if (block.kind === 'quote') return `<quote ${short(block.children)}>`;
      if (block.kind === 'code') return `<pre ${block.language ?? ''}|${block.text}>`;
      return `<${block.isOrdered ? 'ol' : 'ul'}${block.start ?? ''} ${block.items.map(short).join(' / ')}>`;
    })
    .join(' ¶ ');
const parsed = (text: string) => short(parseMarkup(text));

describe('parseMarkup', () => {
  it.each([
    ['**bold** *it* _it_ ~~gone~~ `code`', '<strong bold> <em it> <em it> <strike gone> <code code>'],
    ['**bold *both***', '<strong bold <em both>>'],
    ['**「粗體」**中文，**重要：**看', '<strong 「粗體」>中文，<strong 重要：>看'],
    ['`a *b*\nc`', '<code a *b* c>'],
    ['[here](https://a.com/x_(y)) [**b**](<http://b.com>)', '<https://a.com/x_(y) here> <http://b.com/ <strong b>>'],
    ['https://a.com/_x_*y* *z*', '<https://a.com/_x_*y* https://a.com/_x_*y*> <em z>'],
    [
      '**https://a.com/x** ~~*www.b.com/y*~~',
      '<strong <https://a.com/x https://a.com/x>> <strike <em <http://www.b.com/y www.b.com/y>>>',
    ],
    ['<https://a.com/x>。', '<https://a.com/x https://a.com/x>。'],
    ['> a\n>\n> b\nanswer', '<quote a ¶ b> ¶ answer'],
    ['> a\n>_< b', '<quote a> ¶ >_< b'],
    ['> > deep\n> - list', '<quote <quote deep> ¶ <ul list>>'],
    ['- a\n  more\n- b\n  1. c\nend', '<ul a⏎more / b ¶ <ol c>> ¶ end'],
    ['3. a\n4) b\n4. c\n6. d', '<ol3 a> ¶ <ol4 b> ¶ <ol4 c> ¶ <ol6 d>'],
    ['```TS\nlet a;\n\n  b\n```\nend', '<pre ts|let a;\n\n  b> ¶ end'],
    ['```\nopen\n\n*end*', '<pre |open\n\n*end*>'],
    ['> ```\n> a\n\nend', '<quote <pre |a>> ¶ end'],
    ['- ```\n  a\n  ```', '<ul <pre |a>>'],
    ['a\n  b\n\nc\n\n\n\nd', 'a⏎  b ¶ c ¶ ⏎⏎d'],
  ])('reads %j', (text, tree) => expect(parsed(text)).toBe(tree));

  it.each([
    '# x',
    '#channel',
    'x\n---',
    'x\n===',
    '- - -',
    '***',
    '    indented',
    '| a | b |\n|---|---|',
    '[a]: https',
    '&amp; &#58;',
    '<b>hi</b> <!-- x --> <img src=x onerror=alert(1)>',
    '-',
    '+',
    '*',
    '1.',
    '1)',
    '- ',
    '+1',
    '-5 degrees',
    '2021. 很好',
    '007. Bond',
    '> ',
    '>',
    '>_< no',
    '>w<',
    '>> shifted',
    '```',
    '~~~\nwave',
    '~~',
    '¯\\_(ツ)_/¯',
    '^_^ 你好 ^_^',
    '-_- >_< ;_; ^___^ -_-',
    '(*^_^*) (*´∀*)',
    '2*3*4',
    'snake_case_name',
    '@_momo_ and @a_b_',
    'C:\\temp \\d+\\.\\d+ \\\\server',
    '**！**',
    '[x](javascript:alert(1))',
    '[x](data:text/html,x)',
    '[](nothing) [ ] [x] (y)',
    '![',
  ])('leaves %j as it is', (text) => expect(parsed(text)).toBe(text.replaceAll('\n', '⏎')));

  it('takes the backslash before a mark away, and the mark as text', () => {
    expect(parsed('\\*a\\* \\_b\\_ \\`c\\` \\[d](https)\n\\> e\n\\- f')).toBe('*a* _b_ `c` [d](https)⏎> e⏎- f');
  });

  it('keeps words of a fence that are no language', () => {
    expect(parsed('```hello big world\nx\n```')).toBe('<pre hello|big world\nx>');
    expect(parsed('```你好\nx')).toBe('<pre |你好\nx>');
  });

  it('shows the real address where the text of a link names another', () => {
    expect(parsed('[bank.com](https://evil.com/x)')).toBe('<https://evil.com/x https://evil.com/x>');
    expect(parsed('[**https://bank.com**](https://evil.com)')).toBe('<https://evil.com/ https://evil.com/>');
    expect(parsed('[evil.com](https://evil.com/x)')).toBe('<https://evil.com/x evil.com>');
  });

  it('makes no link of an address with credentials, so that all of it is seen', () => {
    expect(parsed('<https://bank.com@evil.com>')).toBe('<<https://bank.com/ https://bank.com>@evil.com>');
  });

  it('makes no link that has no text, so that its address is seen', () => {
    expect(parsed('[ ](https://a.com)')).toBe('[ ](<https://a.com/ https://a.com>)');
  });

  it('shows a picture of Markdown as what it is, a link', () => {
    expect(parsed('![cat](https://a.com/cat.png)')).toBe('!<https://a.com/cat.png cat>');
  });

  it('knows which links stand by themselves', () => {
    const [paragraph] = parseMarkup('https://a.com <https://a.com> [x](https://a.com)');
    const links = paragraph?.kind === 'paragraph' ? paragraph.children.filter(({ kind }) => kind === 'link') : [];
    expect(links).toMatchObject([{ isBare: true }, { isBare: false }, { isBare: false, written: 'https://a.com' }]);
  });
});

const words = fc.constantFrom('a', 'Zoë', '你好', '粗體', 'かな', '😀', '👩‍👩‍👧', 'é', '한국');
const marks = fc.constantFrom(
  ...[
    '*',
    '**',
    '***',
    '_',
    '__',
    '~~',
    '~',
    '`',
    '``',
    '> ',
    '>',
    '- ',
    '+ ',
    '* ',
    '1. ',
    '2) ',
    '12. ',
    '\n',
    '\n\n',
    '  ',
  ],
  ...[
    '    ',
    '\t',
    '\\',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '!',
    '.',
    '，',
    '。',
    '「',
    '」',
    '^',
    '@',
    '#',
    '&',
    '|',
    '"',
    "'",
  ],
);
const markup = fc.array(fc.oneof(words, marks), { maxLength: 40 }).map((pieces) => pieces.join(''));
const anything = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.oneof(words, marks) },
      fc.constantFrom(
        '```',
        '```js\n',
        '\n```\n',
        'https://a.com/x',
        'www.b.com',
        '](https://c.com)',
        '[',
        '<https://d.com>',
        '<b>',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

/** Every text of a tree in order, addresses as they were typed. */
const textsOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'paragraph') return inlineTexts(block.children);
      if (block.kind === 'code') return block.text;
      return block.kind === 'quote' ? textsOf(block.children) : block.items.map(textsOf).join('');
    })
    .join('');
const inlineTexts = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.kind === 'break') return '';
      if (!('children' in node)) return node.text;
      const text = inlineTexts(node.children);
      return node.kind === 'link' && /^(?:https?:|mailto:|www\.)/i.test(text) ? node.written : text;
    })
    .join('');

const isSubsequence = (part: string, whole: string) => {
  let at = 0;
  for (const unit of whole.split('')) if (unit === part[at]) at++;
  return at === part.length;
};
const visible = (text: string) => text.replace(/\s/g, '');
const letters = (text: string) => text.replace(/[^\p{L}\p{M}\p{Extended_Pictographic}\u200d，。「」!^@#&|"']/gu, '');

describe('what was typed', () => {
  it('is all that is shown, and in its order', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const shown = visible(textsOf(parseMarkup(text)));
        expect([text, isSubsequence(shown, visible(text))]).toEqual([text, true]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('never vanishes, but for marks and the numbers of items', () => {
    fc.assert(
      fc.property(markup, (text) => expect([text, letters(textsOf(parseMarkup(text)))]).toEqual([text, letters(text)])),
      { numRuns: 3_000 },
    );
  });

  it('is shown whole where it holds no marks', () => {
    const plain = fc
      .array(fc.oneof(words, fc.constantFrom('7', ' ', '\n')), { maxLength: 30 })
      .map((all) => all.join(''));
    fc.assert(fc.property(plain, (text) => expect(visible(textsOf(parseMarkup(text)))).toBe(visible(text))));
  });

  it('nests no deeper than the walkers of the tree can go, and what is deeper stays text', () => {
    const depth = (node: object): number =>
      1 +
      Math.max(
        0,
        ...Object.values(node)
          .flat(2)
          .filter((child) => child instanceof Object)
          .map(depth),
      );
    for (const piece of ['> ', '- ', '1. ', '*a ', '**a _b ', '~~a *b ']) {
      const blocks = parseMarkup(`${piece.repeat(1_000)}x${' c*_**~~'.repeat(1_000)}`);
      expect(Math.max(...blocks.map(depth))).toBeLessThan(24);
      expect(textsOf(blocks)).toContain('x c');
    }
    const marks = textsOf(parseMarkup(`${'*a '.repeat(20)}${'b* '.repeat(20)}`));
    expect(marks.replace(/[^*]/g, '')).toBe('*'.repeat(2 * (20 - 8)));
  });
});
