import { parseMarkup } from './parse-markup';

const growingRuns = (length: number) => {
  let text = '';
  for (let run = 1; text.length < length; run++) text += `${'`'.repeat(run)} `;
  return text;
};
const openAndClosed = (length: number) => '*a '.repeat(length / 6) + 'a* '.repeat(length / 6);
const nested = (length: number) => {
  let text = '';
  for (let depth = 0; text.length < length; depth++) text += `${' '.repeat(depth % 200)}- a\n`;
  return text;
};
const longLabel = (length: number) => `[${'a'.repeat(length)}@](https://a.com)`;

const shapes: [string, (length: number) => string][] = [
  ...[
    ...[
      '`',
      '[',
      '*a ',
      '**',
      '*a**b',
      '_a *b ',
      '~~~a',
      '> ',
      '- ',
      '- > ',
      '> a\n',
      '- a\n',
      '1. ',
      '![',
      '](',
      '[a](',
      '[a](b',
    ],
    ...[
      '[a](<b',
      '[bank.com](https://evil.com) ',
      '<',
      '<https:',
      'https://',
      'https://a.b ',
      '*https://a/* ',
      'https://a/((x',
    ],
    ...[
      '\\',
      '\\*',
      '```\n',
      '```\n\n',
      '- ```\n',
      'x`',
      '@a_',
      '@_',
      '^_^',
      '(*',
      '*😀',
      'a\n\n',
      '_a*b~~c`d[e](f)<g>\\h\n> i\n- j\n',
    ],
  ].map((piece): [string, (length: number) => string] => [piece, (length) => piece.repeat(length / piece.length)]),
  ['* and tabs', (length) => `*${'\t'.repeat(length)}`],
  ['runs of ` that grow', growingRuns],
  ['marks open, then closed', openAndClosed],
  ['ever deeper items', nested],
  ['a long text of a link', longLabel],
];

/** Processor time in ms: what else the machine does must not count. */
function workOf(text: string): number {
  const before = process.cpuUsage();
  parseMarkup(text);
  return process.cpuUsage(before).user / 1_000;
}

describe('the work of the parser', () => {
  it.each(shapes)('grows with the length of %j, not with its square', (_, shape) => {
    let [short, long] = [Infinity, Infinity];
    // What takes its square is sixteen times as long; below the floor that doesn't matter. The best of five counts.
    const isLinear = () => long < Math.max(8 * short, 60);
    for (let round = 0; round < 5 && !isLinear(); round++) {
      short = Math.min(short, workOf(shape(4 * 1_024)));
      long = Math.min(long, workOf(shape(16 * 1_024)));
    }
    expect([long, isLinear()]).toEqual([long, true]);
  });
});
