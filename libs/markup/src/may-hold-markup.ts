/** Matches a mark or an address anywhere. */
const mark = /[*_`\\\r\0]|~~|\]\(|:\/\/|mailto:|www\./i;
/** Matches a quote or a list item at the start of a line. */
const atStart = /^ {0,3}(?:> |(?:[-+]|\d{1,3}[.)])[ \t])/m;
/** Matches white space that a paragraph does not keep. */
const blank = /^\s|\s$|\n[ \t]+\n/;

/**
 * Returns false only for texts that have nothing but text, paragraphs and line breaks, which can be shown without the
 * parser. A spec compares it with the parser.
 */
export function mayHoldMarkup(text: string): boolean {
  return mark.test(text) || atStart.test(text) || blank.test(text);
}
