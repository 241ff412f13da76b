import fc from 'fast-check';
import { DisplayName } from '../auth/names';
import { Body } from '../conversations/text';
import { limits } from '../limits';
import { countGraphemes } from './graphemes';
import { textProblem, usableText } from './text-rules';

const defaults = { ...limits };
afterEach(() => Object.assign(limits, defaults));

/** The rules as they are meant, with nothing skipped: the code of the first that a text breaks. */
function problemOf(raw: string, most: { graphemes: number; bytes: number; marks: number }, multiline: boolean) {
  if (!raw.isWellFormed()) return 'invalid_text';
  const text = raw.replace(/\r\n?/g, '\n').normalize('NFC').trim();
  if (new TextEncoder().encode(text).length > most.bytes) return 'too_long';
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]/u.test(text))
    return 'invalid_text';
  if (!multiline && /[\t\n\u2028\u2029]/u.test(text)) return 'invalid_text';
  if (new RegExp(`\\p{M}{${most.marks + 1}}`, 'u').test(text)) return 'invalid_text';
  const nothing =
    /[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\uffa0\ufe00-\ufe0f]/gu;
  if (text.replace(nothing, '') === '') return 'invalid_text';
  return countGraphemes(text) > most.graphemes ? 'too_long' : undefined;
}

function codeOf(schema: typeof Body, text: string): unknown {
  const [issue] = schema.safeParse(text).error?.issues ?? [];
  return issue?.code === 'custom' ? issue.params?.['code'] : issue?.code;
}

const pieces = fc.constantFrom(
  ...[
    'a',
    'é',
    'e\u0301',
    '\u0301',
    '好',
    '👍🏽',
    '👨‍👩‍👧‍👦',
    '🇯🇵',
    '\u200d',
    '\ufe0f',
    '\u3164',
    '\ud83d',
    '\udc4d',
    '\u2800',
  ],
  ...[' ', '\t', '\n', '\r\n', '\r', '\u2028', '\u0000', '\u202e', '\u0e33', '각', '\u1100', '\u1161', 'नि', '𠜎'],
);
const texts = fc.oneof(
  fc.array(pieces, { maxLength: 24 }).map((found) => found.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const sizes = fc.record({
  graphemes: fc.nat({ max: 30 }),
  bytes: fc.nat({ max: 90 }),
  marks: fc.integer({ min: 1, max: 8 }),
});

it.each([
  ['a message', Body, true],
  ['a name', DisplayName, false],
] as const)('%s that is quick to check gets the verdict of one that is not', (_what, schema, multiline) => {
  fc.assert(
    fc.property(texts, sizes, (text, most) => {
      limits.messageGraphemes = limits.displayNameGraphemes = most.graphemes;
      limits.messageBytes = limits.displayNameBytes = most.bytes;
      limits.combiningMarks = most.marks;
      expect(codeOf(schema, text)).toBe(problemOf(text, most, multiline));
    }),
    { numRuns: 2_000 },
  );
});

it('a text of exactly the limit is taken, one more of anything is not', () => {
  expect(codeOf(Body, 'é'.repeat(limits.messageGraphemes))).toBeUndefined();
  expect(codeOf(Body, 'é'.repeat(limits.messageGraphemes + 1))).toBe('too_long');
  expect(codeOf(Body, '👍'.repeat(limits.messageGraphemes))).toBeUndefined();
  expect(codeOf(Body, `${'👍'.repeat(limits.messageBytes / 4)}`)).toBe('too_long');
  expect(codeOf(Body, `a${'好'.repeat(5_461)}`)).toBe('too_long');
  expect(codeOf(DisplayName, '👨‍👩‍👧‍👦'.repeat(20))).toBeUndefined();
  expect(codeOf(DisplayName, '👨‍👩‍👧‍👦'.repeat(21))).toBe('too_long');
});

describe('what is usable of a text', () => {
  const rule = { maxGraphemes: () => 10_000, maxBytes: () => 100_000, multiline: true };

  it('has nothing left for which a text would be refused unseen, and all that can be seen', () => {
    expect(usableText('\ufeffC:\\\u202aone\r\ntwo\rthree\u0007\ud800')).toBe('C:\\one\ntwo\nthree\ufffd');
    const raw = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 }))).map((all) => all.join(''));
    fc.assert(
      fc.property(raw, (text) => {
        const problem = textProblem(usableText(text), rule);
        expect(['must be well-formed Unicode', 'must not contain control characters']).not.toContain(problem?.message);
      }),
    );
  });
});
