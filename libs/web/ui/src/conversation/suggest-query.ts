/** Unfinished input that a list can complete: a name after @, or an emoji after a colon. */
export interface SuggestQuery {
  kind: 'person' | 'emoji';
  /** Text after the sign so far. */
  text: string;
  /** Index of the sign, in UTF-16 units. */
  from: number;
}

const person = /(?:^|[^\p{Script=Latin}\p{N}_@＠])([@＠])([^\s@＠]{0,32})$/u;
/** At least two characters, or one Han character. Not behind a word, where a colon is only a colon. */
const emoji = /(?:^|\s)([:：])((?=\p{Script=Han}|..)[\p{L}\p{N}_+-]{1,32})$/u;
/** Number of characters before the caret that are searched for a name or emoji. */
const lookBack = 80;

/** Returns the unfinished name or emoji at the caret; undefined inside code, which is literal. */
export function queryAt(text: string, caret: number): SuggestQuery | undefined {
  const start = Math.max(0, caret - lookBack);
  const before = text.slice(start, caret);
  const found = person.exec(before) ?? emoji.exec(before);
  if (!found || isInCode(text.slice(0, caret))) return undefined;
  const typed = found[2]!;
  return { kind: /[@＠]/u.test(found[1]!) ? 'person' : 'emoji', text: typed, from: caret - typed.length - 1 };
}

function isInCode(before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const fences = before.match(/^```/gm)?.length ?? 0;
  return fences % 2 === 1 || (line.match(/`/g)?.length ?? 0) % 2 === 1;
}

/** Returns the shortcode that a colon just closed, such as `:smile:`. */
export function closedShortcode(text: string, caret: number): { code: string; from: number } | undefined {
  const found = /:([\w+-]{2,32}):$/.exec(text.slice(Math.max(0, caret - lookBack), caret));
  return found && !isInCode(text.slice(0, caret)) ? { code: found[1]!, from: caret - found[0].length } : undefined;
}
