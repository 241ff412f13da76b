import { limits, textProblem } from '@cloudhop/contracts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const lineSpace = /[\t-\r\u0085\u2028\u2029]/gu;
/**
 * Characters that textProblem refuses: control characters and bidi controls, which can make one text read as another.
 */
const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]/gu;
/** Maximum UTF-16 units per grapheme on average: a single one can be of any length. */
const unitsPerCharacter = 4;
/** Maximum UTF-16 units that are examined; anything later follows white space, or is no title. */
const rawUnits = 8 * 1024;
const rule = { maxGraphemes: () => Infinity, maxBytes: () => Infinity, multiline: false };

/**
 * Returns a text of a page as one line of at most `maxCharacters` graphemes, with an ellipsis if it was cut. Returns
 * undefined for a text that shows as nothing, or that no member could send.
 */
export function previewText(raw: string | undefined, maxCharacters: number): string | undefined {
  if (raw === undefined) return undefined;
  const text = raw
    .slice(0, rawUnits)
    .toWellFormed()
    .replace(lineSpace, ' ')
    .replace(control, '')
    .normalize('NFC')
    .replace(stackedMarks(limits.combiningMarks), '$1')
    .replace(/\s+/gu, ' ')
    .trim();
  return textProblem(text, rule) ? undefined : cut(text, maxCharacters);
}

const stackedMarks = (most: number) => new RegExp(`(\\p{M}{${most}})\\p{M}+`, 'gu');

/** Returns the text cut to the limits; undefined if not even one character fits. */
function cut(text: string, maxCharacters: number): string | undefined {
  const maxUnits = maxCharacters * unitsPerCharacter;
  let end = 0;
  let count = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    const next = index + segment.length;
    if (++count > maxCharacters || next > maxUnits) return end === 0 ? undefined : `${text.slice(0, end).trimEnd()}…`;
    // The last character is the ellipsis.
    if (count < maxCharacters) end = next;
  }
  return text;
}
