import type { MarkdownIt, Ruler, StateBlock } from 'markdown-it';

type BlockRule = (state: StateBlock, startLine: number, endLine: number, silent: boolean) => boolean;
type BlockRuler = Ruler<[StateBlock, number, number, boolean], boolean>;

/** Maximum nesting of blocks, in levels of the parser: a quote is one level, a list with its item two. */
const blockLevels = 8;

const backtick = 0x60;
const space = 0x20;
const tab = 0x09;

const language = /^\s*([a-z0-9+#-]{1,20})(?=\s|$)/i;
/** Matches the start of a list item: a mark, followed by more than further marks. `2021. 很好` and `- - -` are text. */
const item = /(?:[-*+]|(?:0|[1-9]\d{0,2})[.)])[ \t](?=[^\n]*?[^\s*+-])/y;
/** `> ` and something to quote; `>_<` and `>>` are text. */
const quoteStart = />(?= [^\n]*?\S)/y;

/** Splits the line of an opening fence into the language and the words that belong to the code. */
export function fenceInfo(info: string): { language?: string; rest: string } {
  const name = language.exec(info);
  if (!name) return { rest: info.trim() };
  return { language: name[1]!.toLowerCase(), rest: info.slice(name[0].length).trim() };
}

/** Enables the blocks of the subset, with stricter rules than CommonMark where chat text would match by accident. */
export function useBlockRules(md: MarkdownIt): void {
  const ruler = md.block.ruler;
  const list = originalOf(ruler, 'list');
  const fence = originalOf(ruler, 'fence');
  ruler.at('fence', (state, ...lines) => holdsCode(state, lines[0], lines[1]) && fence(state, ...lines), {
    alt: ['paragraph', 'blockquote', 'list'],
  });
  ruler.at('blockquote', quote, { alt: ['paragraph', 'blockquote', 'list'] });
  ruler.at('list', (state, ...lines) => beginsList(state, lines[0]) && list(state, ...lines), {
    alt: ['paragraph', 'blockquote'],
  });
  ruler.at('paragraph', paragraph);
  ruler.enableOnly(['fence', 'blockquote', 'list', 'paragraph']);
}

function originalOf(ruler: BlockRuler, name: string): BlockRule {
  ruler.enableOnly([name]);
  return ruler.getRules('')[0]!;
}

/** Deeper in than a block may begin: four columns. */
function isIndented(state: StateBlock, line: number): boolean {
  return state.sCount[line]! - state.blkIndent >= 4;
}

function matches(pattern: RegExp, state: StateBlock, line: number): boolean {
  pattern.lastIndex = state.bMarks[line]! + state.tShift[line]!;
  return pattern.test(state.src);
}

/** A fence is one of backticks, `~~~` ends sentences; and there is something in it, or what was typed would vanish. */
function holdsCode(state: StateBlock, startLine: number, endLine: number): boolean {
  const begin = state.bMarks[startLine]! + state.tShift[startLine]!;
  if (state.src.charCodeAt(begin) !== backtick) return false;
  const after = state.skipChars(begin, backtick);
  if (after - begin < 3) return false;
  if (fenceInfo(state.src.slice(after, state.eMarks[startLine])).rest) return true;
  // Only blank lines are passed over, so that a text full of fences is not read again from each.
  const line = Math.min(state.skipEmptyLines(startLine + 1), endLine);
  if (line >= endLine || state.sCount[line]! < state.blkIndent) return false;
  const pos = state.bMarks[line]! + state.tShift[line]!;
  const end = state.skipChars(pos, backtick);
  return end - pos < after - begin || isIndented(state, line) || state.skipSpaces(end) < state.eMarks[line]!;
}

function beginsList(state: StateBlock, line: number): boolean {
  return state.level + 2 <= blockLevels && !isIndented(state, line) && matches(item, state, line);
}

/** Lines that begin with `> `, or with nothing but `>` after such a one. What follows without it is the answer, not the quote. */
function quote(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (state.level + 1 > blockLevels || isIndented(state, startLine) || !matches(quoteStart, state, startLine))
    return false;
  if (silent) return true;
  const { blkIndent, lineMax, parentType } = state;
  const lines = quotedLines(state, startLine, endLine);
  const nextLine = startLine + lines.length;
  const before = lines.map((_, n) => marksOf(state, startLine + n));
  lines.forEach((marks, n) => setMarks(state, startLine + n, marks));
  state.blkIndent = 0;
  state.lineMax = nextLine;
  state.parentType = 'blockquote';
  state.push('blockquote_open', 'blockquote', 1);
  state.md.block.tokenize(state, startLine, nextLine);
  state.push('blockquote_close', 'blockquote', -1);
  Object.assign(state, { blkIndent, lineMax, parentType, line: nextLine });
  before.forEach((marks, n) => setMarks(state, startLine + n, marks));
  return true;
}

/** The parser's position of a line: its offset, characters and columns of its indent, columns before it. */
type Marks = [begin: number, indent: number, columns: number, columnsBefore: number];

function marksOf(state: StateBlock, line: number): Marks {
  return [state.bMarks[line]!, state.tShift[line]!, state.sCount[line]!, state.bsCount[line]!];
}

function setMarks(state: StateBlock, line: number, [begin, indent, columns, columnsBefore]: Marks): void {
  state.bMarks[line] = begin;
  state.tShift[line] = indent;
  state.sCount[line] = columns;
  state.bsCount[line] = columnsBefore;
}

/** The lines of the quote that begins at `startLine`, without its mark. */
function quotedLines(state: StateBlock, startLine: number, endLine: number): Marks[] {
  const lines: Marks[] = [];
  for (let line = startLine; line < endLine; line++) {
    const at = state.bMarks[line]! + state.tShift[line]!;
    const end = state.eMarks[line]!;
    if (state.sCount[line]! < state.blkIndent || isIndented(state, line) || state.src[at] !== '>') break;
    const isAlone = at + 1 >= end;
    if (!isAlone && state.src.charCodeAt(at + 1) !== space) break;
    const begin = isAlone ? at + 1 : at + 2;
    const columnsBefore = state.bsCount[line]! + state.sCount[line]! + 2;
    let columns = 0;
    let pos = begin;
    for (; pos < end && isBlank(state.src.charCodeAt(pos)); pos++)
      columns += state.src.charCodeAt(pos) === tab ? 4 - ((columns + columnsBefore) % 4) : 1;
    lines.push([begin, pos - begin, columns, columnsBefore]);
  }
  return lines;
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

/** Lines up to a blank one, to another block, or to one further out; with all their white space, as they were typed. */
function paragraph(state: StateBlock, startLine: number, endLine: number): boolean {
  const interrupting = state.md.block.ruler.getRules('paragraph') as BlockRule[];
  const { parentType } = state;
  state.parentType = 'paragraph';
  let nextLine = startLine + 1;
  while (
    nextLine < endLine &&
    !state.isEmpty(nextLine) &&
    state.sCount[nextLine]! >= state.blkIndent &&
    !interrupting.some((rule) => rule(state, nextLine, endLine, true))
  )
    nextLine++;
  const open = state.push('paragraph_open', 'p', 1);
  open.map = [startLine, nextLine];
  const inline = state.push('inline', '', 0);
  inline.content = state.getLines(startLine, nextLine, state.blkIndent, false);
  inline.map = open.map;
  inline.children = [];
  state.push('paragraph_close', 'p', -1);
  state.line = nextLine;
  state.parentType = parentType;
  return true;
}
