const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many characters people would count in `text`. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count++;
  return count;
}
