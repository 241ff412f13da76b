const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Returns the number of grapheme clusters: characters as people count them. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count++;
  return count;
}
