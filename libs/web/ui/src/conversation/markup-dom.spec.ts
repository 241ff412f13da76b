import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { limits } from '@cloudhop/contracts';
import { type Block, type Inline, parseMarkup } from '@cloudhop/markup';
import { codeClasses, highlightCode } from './highlight-code';
import { type MarkupOptions, buildMarkup } from './markup-dom';
import { markupClasses, markupElements } from './markup-elements';
import { blocksWithNames } from './mention-names';

const labels = { copy: 'Copy', code: 'Code' };
const mentionOf = (key: string) =>
  key.startsWith('momo') ? { userId: '7', name: 'Momo Lin', isMe: key === 'momo' } : undefined;

function built(blocks: readonly Block[], options: Partial<MarkupOptions> = {}): HTMLElement {
  const host = document.createElement('div');
  host.append(buildMarkup(document, blocks, { reachable: false, labels, ...options }));
  return host;
}

const drawn = (text: string, options: Partial<MarkupOptions> = {}) => built(parseMarkup(text), options);
/** Generates texts that a reader may write, and attempts to inject more. */
const source = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'a',
          '你好',
          '😀',
          '@momo ',
          '@momo2',
          '*',
          '**',
          '_',
          '~~',
          '`',
          '```js\n',
          '\n```\n',
          '> ',
          '- ',
          '3. ',
          '\n',
          '\n\n',
          '\\',
        ],
        ...[
          '[',
          '](',
          ')',
          '<',
          '>',
          '"',
          "'",
          '&lt;',
          'https://a.com/x',
          'www.b.com',
          '[x](https://c.com)',
          'javascript:alert(1)',
        ],
        ...[
          '[x](javascript:alert(1))',
          '[x](JaVaScript&#58;alert(1))',
          '<javascript:alert(1)>',
          '[x](data:text/html,y)',
          'data:text/html,y',
        ],
        ...[
          '<img src=x onerror=alert(1)>',
          '<script>alert(1)</script>',
          '<a href="javascript:1">',
          '<!--',
          ']]>',
          'onclick="x"',
          '</p>',
        ],
        ...[
          '[x](vbscript:1)',
          '[x](file:///etc)',
          '[x](https://bank.com@evil.com)',
          '[bank.com](https://evil.com)',
          '\u202e',
          '\u0000',
        ],
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

const allowedClasses = new Set<string>([...markupClasses, ...codeClasses]);

function expectOnlyTheTable(host: HTMLElement): void {
  for (const element of host.querySelectorAll('*')) {
    const name = element.localName as keyof typeof markupElements;
    expect(Object.keys(markupElements)).toContain(name);
    for (const attribute of element.getAttributeNames()) expect(markupElements[name]).toContain(attribute);
    for (const part of element.classList) expect(allowedClasses).toContain(part);
    if (element instanceof HTMLAnchorElement) {
      expect(element.getAttribute('href')).toMatch(/^(?:https?:\/\/|mailto:)/);
      expect([element.target, element.rel]).toEqual(['_blank', 'noopener noreferrer nofollow']);
    }
    if (element instanceof HTMLButtonElement) expect(element.type).toBe('button');
  }
}

/** Returns the displayed text of a tree. */
const inlineText = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => ('children' in node ? inlineText(node.children) : node.kind === 'break' ? '' : node.text))
    .join('');
const blockText = (block: Block): string => {
  if (block.kind === 'paragraph') return inlineText(block.children);
  if (block.kind === 'quote') return block.children.map(blockText).join('');
  return block.kind === 'list'
    ? block.items.flat().map(blockText).join('')
    : `${block.language ?? ''}${labels.copy}${block.text}`;
};

describe('buildMarkup', () => {
  it('creates only the allowed elements, attributes and classes, for any message', () => {
    fc.assert(
      fc.property(source, fc.boolean(), (text, reachable) => expectOnlyTheTable(drawn(text, { reachable, mentionOf }))),
      { numRuns: 1_000 },
    );
  });

  it('shows exactly the characters of the tree', () => {
    fc.assert(
      fc.property(source, (text) => {
        const blocks = parseMarkup(text);
        expect(built(blocks).textContent).toBe(blocks.map(blockText).join(''));
        // Lists, notifications and labels show the same names as the log.
        const named = blocksWithNames(blocks, mentionOf).map(blockText).join('');
        expect(built(blocks, { mentionOf }).textContent).toBe(named);
      }),
      { numRuns: 1_000 },
    );
  });

  it('creates no link with another scheme, even for a tree that was not parsed', () => {
    const link = (href: string): Block[] => [
      {
        kind: 'paragraph',
        children: [{ kind: 'link', href, written: href, isBare: false, children: [{ kind: 'text', text: 'x' }] }],
      },
    ];
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('javascript:1', ' JAVASCRIPT:1', 'data:,', 'java\nscript:1')),
        (href) => {
          const host = built(link(href));
          expectOnlyTheTable(host);
          expect(host.textContent).toBe('x');
        },
      ),
    );
    expect(built(link('https://a.com/')).querySelector('a')).not.toBeNull();
  });

  it('draws each mark as the element for it', () => {
    const host = drawn('**a** *b* ~~c~~ `d`\ne\n> f\n\n- g\n\n3. h\n\n```\ni\n```');
    expect([...host.querySelectorAll('*')].map(({ localName }) => localName).join(' ')).toBe(
      'p strong em s code br blockquote p ul li p ol li p div div span button pre code',
    );
    expect(host.querySelector('ol')?.start).toBe(3);
  });

  it('shows the target of a link with another label in its title', () => {
    const titles = (text: string) => [...drawn(text).querySelectorAll('a')].map(({ title }) => title);
    expect(titles('[here](https://a.com/x) https://a.com/x https://a.com www.a.com')).toEqual([
      'https://a.com/x',
      '',
      '',
      'http://www.a.com/',
    ]);
  });

  it('makes elements focusable only on request', () => {
    const text = 'https://a.com @momo\n```\nx\n```';
    const stops = (reachable: boolean) =>
      [...drawn(text, { reachable, mentionOf }).querySelectorAll<HTMLElement>('a, button, pre')].map(
        ({ tabIndex }) => tabIndex,
      );
    expect(stops(true)).toEqual([0, 0, 0, 0]);
    expect(stops(false)).toEqual([-1, -1, -1, -1]);
  });
});

describe('a name in a message', () => {
  const names = (text: string) =>
    [...drawn(text, { mentionOf }).querySelectorAll('button.mention')].map((button) => [
      button.textContent,
      button.getAttribute('title'),
      button.getAttribute('data-author'),
      button.classList.contains('me'),
    ]);

  it('is a button with the current name, and the typed name as title', () => {
    expect(names('hi @momo and **＠momo2**，@nobody')).toEqual([
      ['@Momo Lin', '@momo', '7', true],
      ['@Momo Lin', '＠momo2', '7', false],
    ]);
    expect(drawn('@nobody', { mentionOf }).textContent).toBe('@nobody');
  });

  it.each(['`@momo`', '```\n@momo\n```', '[@momo](https://a.com)', 'https://a.com/@momo', 'me@momo.com'])(
    'is none in %j',
    (text) => expect(names(text)).toEqual([]),
  );

  it('is resolved at most as often as the limit of mentions, over all parts of a message', () => {
    expect(names('**@momo** @momo '.repeat(limits.mentions))).toHaveLength(limits.mentions);
    expect(names(`**@momo** ${'@momo '.repeat(limits.mentions)}`)).toHaveLength(limits.mentions);
  });
});

describe('highlightCode', () => {
  const code = 'const a: string = "</span><img src=x onerror=alert(1)>"; // `${{}}`';

  it('colours a language it knows, by any of its names, without losing a character', async () => {
    for (const language of ['ts', 'typescript', 'js', 'html', 'python', 'c++', 'diff', 'toml', 'dockerfile']) {
      const host = document.createElement('code');
      host.append((await highlightCode(document, code, language))!);
      expect(host.textContent).toBe(code);
      expectOnlyTheTable(host);
    }
    const host = document.createElement('code');
    host.append((await highlightCode(document, code, 'ts'))!);
    expect([...host.querySelectorAll('span')].map((span) => span.className)).toContain('code-keyword');
  });

  it('leaves long code and unknown languages plain', async () => {
    expect(await highlightCode(document, 'x'.repeat(8_001), 'ts')).toBeUndefined();
    for (const language of ['brainfog', 'constructor', '__proto__'])
      expect(await highlightCode(document, code, language)).toBeUndefined();
  });

  it('nests no deeper than a page can draw', async () => {
    const host = document.createElement('code');
    host.append((await highlightCode(document, '`${'.repeat(1_000), 'js'))!);
    expect(host.querySelector('span '.repeat(13).trim())).toBeNull();
  });
});

it('no source that draws messages uses HTML', () => {
  const folder = __dirname;
  const files = readdirSync(folder).filter((file) => /^(?:mark|message-text|highlight-).*(?<!\.spec)\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(3);
  for (const file of files)
    expect([
      file,
      /innerHTML|outerHTML|insertAdjacentHTML|DomSanitizer|createContextual/.test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    ]).toEqual([file, false]);
});
