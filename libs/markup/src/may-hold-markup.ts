/** A mark anywhere, or an address. */
const mark = /[*_`\\\r\0]|~~|\]\(|:\/\/|mailto:|www\./i;
/** A quote or an item at the start of a line. */
const atStart = /^ {0,3}(?:> |(?:[-+]|\d{1,3}[.)])[ \t])/m;
/** White space that a paragraph does not keep. */
const blank = /^\s|\s$|\n[ \t]+\n/;

/**
 * Returns false only for texts that are plain: nothing but text, paragraphs and line breaks, so that whoever shows them
 * needs no parser. Kept in step with the parser by a test.
 */
export function mayHoldMarkup(text: string): boolean {
  return mark.test(text) || atStart.test(text) || blank.test(text);
}
