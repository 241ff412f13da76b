/** A mark anywhere, or an address. */
const mark = /[*_`\\\r\0]|~~|\]\(|:\/\/|mailto:|www\./i;
/** A quote or an item at the start of a line. */
const atStart = /^ {0,3}(?:> |(?:[-+]|\d{1,3}[.)])[ \t])/m;
/** White space that a paragraph does not keep. */
const blank = /^\s|\s$|\n[ \t]+\n/;

/**
 * Whether a message may be more than plain text. False only where its markup is the text itself, paragraphs and line
 * breaks; so whoever shows it can do without the parser. Kept in step with `@cloudhop/contracts/markup` by a test.
 */
export function mayHoldMarkup(text: string): boolean {
  return mark.test(text) || atStart.test(text) || blank.test(text);
}
