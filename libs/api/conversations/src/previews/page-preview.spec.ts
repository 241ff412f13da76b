import { countGraphemes, limits, textProblem } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import type { FetchedPage } from './page-fetcher';
import { readPreview } from './page-preview';
import { previewText } from './preview-text';

const preview = (html: string | Buffer, more: Partial<FetchedPage> = {}) =>
  readPreview({
    url: 'https://site.example/',
    contentType: 'text/html',
    bytes: Buffer.from(html as string),
    isComplete: true,
    ...more,
  });
const titleOf = (html: string | Buffer, more?: Partial<FetchedPage>) => preview(html, more)?.title;
const meta = (name: string, content: string) => `<meta property="${name}" content="${content}">`;
/** As any text of a member may be, on one line. */
const rule = (most: number) => ({ maxGraphemes: () => most, maxBytes: () => most * 12 + 3, multiline: false });

test('what a page calls itself comes first: og, then twitter, then its title', () => {
  const [og, twitter, title] = [meta('og:title', 'Og'), meta('twitter:title', 'Twitter'), '<title>Title</title>'];
  expect(titleOf(title + twitter + og)).toBe('Og');
  expect(titleOf(title + twitter)).toBe('Twitter');
  expect(titleOf(title)).toBe('Title');
  expect(titleOf(title + meta('og:title', ' &#8203; '))).toBe('Title');
  expect(preview('')).toBeUndefined();
  expect(preview('<title> \n&nbsp;</title>')).toBeUndefined();
  expect(preview(meta('og:description', 'about'))).toBeUndefined();
});

test('description and site come along, with either spelling of a meta', () => {
  expect(
    preview(
      '<!doctype html><html><head><META NAME="Description" CONTENT="plain"><meta content="Site" name=og:site_name>' +
        '<title>Title</title><meta name="description" property="OG:description" content="open"></head>',
    ),
  ).toEqual({ title: 'Title', description: 'open', site: 'Site' });
  expect(preview(`<title>Title</title>${meta('description', 'plain')}`)).toEqual({
    title: 'Title',
    description: 'plain',
  });
});

test('the first of several that says something counts', () => {
  const og = meta('og:title', ' ') + meta('og:title', 'First') + meta('og:title', 'Second');
  expect(titleOf(og)).toBe('First');
  expect(titleOf('<title> </title><title>First</title><title>Second</title>')).toBe('First');
});

test('what stands in the body, in comments, scripts and drawings does not speak for the page', () => {
  const later = meta('og:title', 'Written by somebody');
  expect(titleOf(`<head><title>Title</title></head><body>${later}`)).toBe('Title');
  expect(titleOf(`<head><title>Title</title></head>${later}`)).toBe('Title');
  expect(titleOf(`<title>Title</title><body>${later}</body>`)).toBe('Title');
  expect(titleOf(`<!-- ${later} --><script>"${later}"</script><style>${later}</style><title>Title</title>`)).toBe(
    'Title',
  );
  expect(titleOf(`<noscript><img src=x>${later}</noscript><template>${later}</template><title>Title</title>`)).toBe(
    'Title',
  );
  expect(titleOf('<svg><title>Icon</title></svg><title>Title</title>')).toBe('Title');
  expect(titleOf(`<textarea>${later}</textarea><title>Title</title>`)).toBe('Title');
});

test('markup in a title is text, and entities are what they stand for', () => {
  expect(titleOf('<title>a <b>bold</b> &lt;script&gt; &amp; &#x4f60;&eacute;&hellip;</title>')).toBe(
    'a <b>bold</b> <script> & 你é…',
  );
  expect(titleOf(meta('og:title', '&quot;Tom &amp;amp; Jerry&quot;'))).toBe('"Tom &amp; Jerry"');
});

test('an element of XHTML may close itself', () => {
  const html = '<head><script src="a.js"/><title>Title</title></head>';
  expect(titleOf(html, { contentType: 'application/xhtml+xml' })).toBe('Title');
  expect(titleOf(html)).toBeUndefined();
});

test('a page that is cut in the middle gives what it has', () => {
  expect(titleOf('<title>Half a ti', { isComplete: false })).toBe('Half a ti');
  expect(titleOf('<title>Title</title><meta property="og:title" content="Ha', { isComplete: false })).toBe('Title');
});

test('who asks not to be quoted is not; who only asks not to be found is', () => {
  const title = '<title>Title</title>';
  for (const robots of [
    'nosnippet',
    'NoIndex, NoSnippet',
    'noindex,nosnippet',
    'max-snippet:0',
    'nofollow max-snippet: 0',
  ])
    expect([robots, preview(`${title}<meta name="Robots" content="${robots}">`)]).toEqual([robots, undefined]);
  const [all, none] = ['<meta name=robots content=all>', '<meta name=robots content=nosnippet>'];
  for (const both of [all + none, none + all]) expect(preview(title + both)).toBeUndefined();
  for (const robots of ['noindex', 'none', 'max-snippet:50', 'max-snippet:-1', 'xnosnippet'])
    expect(titleOf(`${title}<meta name="robots" content="${robots}">`)).toBe('Title');
});

describe('the letters of a page', () => {
  /** 「你好」 in what pages were written in before UTF-8. */
  const written: [string, string, string][] = [
    ['big5', 'a741a66e', '你好'],
    ['gbk', 'c4e3bac3', '你好'],
    ['gb18030', 'c4e3bac3', '你好'],
    ['shift_jis', '82b182f182c982bf82cd', 'こんにちは'],
    ['euc-jp', 'a4b3a4f3a4cba4c1a4cf', 'こんにちは'],
    ['euc-kr', 'bec8b3e7', '안녕'],
    ['windows-1251', 'cff0e8e2e5f2', 'Привет'],
    ['windows-1252', '63616ee9', 'cané'],
    ['iso-8859-1', '93e994', '“é”'],
    ['utf-8', 'e4bda0e5a5bd', '你好'],
  ];

  test.each(written)('in %s are read, whoever says so', (charset, hex, text) => {
    const title = Buffer.concat([Buffer.from('<title>'), Buffer.from(hex, 'hex'), Buffer.from('</title>')]);
    const after = (start: string) => Buffer.concat([Buffer.from(start), title]);
    expect(titleOf('', { bytes: title, charset })).toBe(text);
    for (const start of [
      `<meta charset=${charset}>`,
      `<html><META  Charset = '${charset.toUpperCase()}' />`,
      `<meta http-equiv="Content-Type" content="text/html; charset=${charset}">`,
      `<?xml version="1.0" encoding="${charset}"?>`,
      `<!-- <meta charset="koi8-r"> --><meta charset="${charset}">`,
    ])
      expect([start, titleOf(after(start))]).toEqual([start, text]);
  });

  test('are told by the byte order mark before the server, and by the server before the page', () => {
    const marked = (bytes: string, mark: string) =>
      Buffer.from(mark + Buffer.from(bytes, 'utf16le').toString('hex'), 'hex');
    expect(titleOf(marked('<title>你好</title>', 'fffe'), { charset: 'big5' })).toBe('你好');
    expect(titleOf(marked('<title>你好</title>', 'fffe').swap16(), { charset: 'big5' })).toBe('你好');
    expect(titleOf('\ufeff<title>你好</title>', { charset: 'big5' })).toBe('你好');
    expect(titleOf('<meta charset=big5><title>你好</title>', { charset: 'utf-8' })).toBe('你好');
  });

  test('that nobody knows are taken for UTF-8, and what is none shows as such', () => {
    for (const charset of ['utf-7', 'replacement', 'iso-2022-kr', '', '%', 'klingon'])
      expect(titleOf('<title>你好</title>', { charset })).toBe('你好');
    expect(titleOf('<meta charset="utf-16"><title>你好</title>')).toBe('你好');
    expect(titleOf(`${' '.repeat(1024)}<meta charset=big5><title>你好</title>`)).toBe('你好');
    expect(titleOf(Buffer.from('<title>a\xff</title>', 'latin1'))).toBe('a\ufffd');
  });
});

describe('a text', () => {
  test('stands on one line, without what would turn or hide it', () => {
    expect(previewText(' a\r\n\tb\u00a0\u3000c\u2028d\f ', 99)).toBe('a b c d');
    expect(previewText('\u202egpj.exe\u202c \u2066x\u2069\u0000\u0007\u0085\ufeff', 99)).toBe('gpj.exe x');
    expect(previewText('e\u0301', 99)).toBe('é');
    expect(previewText(`a${'\u0301'.repeat(50)}b`, 99)).toHaveLength(limits.combiningMarks + 2);
    expect(previewText('\ud800', 99)).toBe('\ufffd');
    expect(previewText('\u200b\u200d\u2060', 99)).toBeUndefined();
  });

  test('is looked for in the first of what there is', () => {
    expect(previewText(`${' '.repeat(8_000)}a`, 99)).toBe('a');
    expect(previewText(`${' '.repeat(500_000)}a`, 99)).toBeUndefined();
  });

  test('is cut between characters, the last one an ellipsis', () => {
    expect(previewText('abcde', 5)).toBe('abcde');
    expect(previewText('abcdef', 5)).toBe('abcd…');
    expect(previewText('abc def', 5)).toBe('abc…');
    expect(previewText('👨‍👩‍👧'.repeat(5), 5)).toBe('👨‍👩‍👧'.repeat(2) + '…');
    expect(previewText(`a ${'👨\u200d'.repeat(1_000)}`, 5)).toBe('a…');
    expect(previewText('👨\u200d'.repeat(1_000), 5)).toBeUndefined();
  });

  test('is always one that a member could write, and never longer than its limit', () => {
    const wild = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom('a', ' ', '\u0301', '\u200d', '👨', '\u202e', '\ufeff', '\u0085', '\u1100', '\u1161', '🇹'),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(wild, fc.integer({ min: 2, max: 20 }), (raw, most) => {
        const text = previewText(raw, most);
        if (text === undefined) return;
        expect(textProblem(text, rule(most))).toBeUndefined();
        expect(countGraphemes(text)).toBeLessThanOrEqual(most);
        expect(text).toBe(text.normalize('NFC').trim());
        expect(previewText(text, most)).toBe(text);
      }),
      { numRuns: 800 },
    );
  });
});

test('no bytes make it fail or take long', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.option(fc.string()), (bytes, charset) => {
      preview('', { bytes: Buffer.from(bytes), ...(charset !== null && { charset }) });
    }),
  );
  const size = 512 * 1024;
  const hostile = [
    '<b>',
    '<template>',
    '<svg>',
    '<title> ',
    '<title>&amp;',
    '<title></title>',
    '<!--',
    '<meta ',
    '<meta a=',
    '&',
    '<',
    '\u0301',
    '<title>\u200d',
  ];
  for (const part of [...hostile, '<meta name=robots content="max-snippet  ">', meta('og:title', ' ')]) {
    const bytes = Buffer.from(part.repeat(Math.ceil(size / part.length)).slice(0, size));
    const from = process.cpuUsage();
    preview('', { bytes });
    expect([part, process.cpuUsage(from).user < 1_000_000]).toEqual([part, true]);
  }
});
