import cjkFriendly from 'markdown-it-cjk-friendly';
import type { MarkdownIt, StateInline } from 'markdown-it';
import { type FoundLink, findLinks, linkOf, safeHref } from './links';

/** Everything up to what may be a mark; a name behind an @ is one word, underlines and all. */
const words = /^(?:[^\n\\`*_~[<@＠]|[@＠](?:[\p{L}\p{N}\p{M}.-]|_+(?=[\p{L}\p{N}\p{M}.-]))*)+/u;
/** A backslash is a mark only before one: `C:\temp` and `\d+\.\d+` keep theirs. */
const escaped = /\\([*_~`[<])/y;
const escapedAtStart = /\\([>+-])/y;
/** Faces, `^_^`, `>_<`, `(*´∀`, and the asterisks of `2*3*4`. */
const faces = [
  /(?<=([^\p{L}\p{N}\p{M}\s*_]))_+(?=\1)/uy,
  /(?<=>)_+(?=<)|(?<=<)_+(?=>)/uy,
  /(?<=[(（])\*(?=(?![`~$+=|])\p{S})|(?<=(?![`~$+=|])\p{S})\*(?=[)）])/uy,
  /(?<=[0-9])\*(?=[0-9])/uy,
];
const destination = /\((?:<([^<>\s]*)>|((?:[^\s()<>]|\((?:[^\s()<>]|\([^\s()<>]*\))*\))*))\)/y;
const angled = /<([a-z]+:[^\s<>]*)>/iy;

/** Links and brackets of one run of text, found once: a search from every character would take quadratic time. */
interface Survey {
  links: FoundLink[];
  /** The first of `links` that is not behind the parser yet. */
  next: number;
  /** For each `[` the offset of its `]`. */
  brackets: Map<number, number>;
}

const surveys = new WeakMap<StateInline, Survey>();

/** Enables the inline marks of the subset. Bare links come first, so that no mark splits them. */
export function useInlineRules(md: MarkdownIt): void {
  md.use(cjkFriendly);
  const { ruler, ruler2 } = md.inline;
  ruler.enableOnly(['text', 'newline', 'escape', 'backticks', 'strikethrough', 'emphasis', 'link', 'autolink']);
  ruler2.enableOnly(['balance_pairs', 'strikethrough', 'emphasis', 'fragments_join']);
  ruler.at('text', text);
  ruler.at('newline', lineBreak);
  ruler.at('escape', escape);
  ruler.at('link', namedLink);
  ruler.at('autolink', angledLink);
  ruler.before('text', 'bare_link', bareLink);
  ruler.before('emphasis', 'face', face);
}

function surveyOf(state: StateInline): Survey {
  let survey = surveys.get(state);
  if (!survey)
    surveys.set(state, (survey = { links: findLinks(state.src), next: 0, brackets: pairBrackets(state.src) }));
  return survey;
}

function pairBrackets(source: string): Map<number, number> {
  const pairs = new Map<number, number>();
  if (!source.includes('](')) return pairs;
  const open: number[] = [];
  for (const { 0: found, index } of source.matchAll(/\\[\s\S]|[[\]]/g))
    if (found === '[') open.push(index);
    else if (found === ']' && open.length > 0) pairs.set(open.pop()!, index);
  return pairs;
}

/** The next link by itself at or after where the parser is; within the text of a link there is none. */
function linkAhead(state: StateInline): FoundLink | undefined {
  if (state.linkLevel > 0) return undefined;
  const survey = surveyOf(state);
  while (survey.links[survey.next] && survey.links[survey.next]!.index < state.pos) survey.next++;
  return survey.links[survey.next];
}

function bareLink(state: StateInline): boolean {
  const ahead = linkAhead(state);
  if (ahead?.index !== state.pos) return false;
  const link = withoutClosing(state, ahead);
  const token = state.push('bare_link', 'a', 0);
  token.meta = { link };
  state.pos += link.written.length;
  return true;
}

/** Marks at the end of an address are its own, unless they close what was opened before it. */
function withoutClosing(state: StateInline, link: FoundLink): FoundLink {
  const { written } = link;
  let end = written.length;
  for (let run = end; isOpen(state, written[end - 1]!); end = run) while (written[run - 1] === written[end - 1]) run--;
  return (end < written.length && linkOf(link.index, written.slice(0, end))) || link;
}

function isOpen(state: StateInline, mark: string): boolean {
  return (
    '*_~'.includes(mark) && state.delimiters.findLast(({ marker }) => marker === mark.charCodeAt(0))?.open === true
  );
}

function text(state: StateInline): boolean {
  // Cut before it is read: reading on behind each of many links would take their square.
  const ahead = state.src.slice(state.pos, Math.min(linkAhead(state)?.index ?? Infinity, state.posMax));
  const found = words.exec(ahead)?.[0];
  if (!found) return false;
  state.pending += found;
  state.pos += found.length;
  return true;
}

/** Without taking the white space around it: it was typed. */
function lineBreak(state: StateInline): boolean {
  if (state.src[state.pos] !== '\n') return false;
  state.push('softbreak', 'br', 0);
  state.pos++;
  return true;
}

/** The arm of `¯\_(ツ)_/¯` is no mark. */
function escape(state: StateInline): boolean {
  if (state.src[state.pos] !== '\\' || state.pos + 1 >= state.posMax) return false;
  const isArm = state.src[state.pos - 1] === '¯';
  const isStart = state.pos === 0 || state.src[state.pos - 1] === '\n';
  const found = matchAt(escaped, state) ?? (isStart ? matchAt(escapedAtStart, state) : undefined);
  if (!found) return false;
  state.pending += isArm ? found[0] : found[1]!;
  state.pos += found[0].length;
  return true;
}

function face(state: StateInline): boolean {
  for (const pattern of faces) {
    const found = matchAt(pattern, state)?.[0];
    if (!found) continue;
    state.pending += found;
    state.pos += found.length;
    return true;
  }
  return false;
}

/** `[text](address)`; an address that leads nowhere leaves all of it text. */
function namedLink(state: StateInline): boolean {
  const start = state.pos;
  if (state.src[start] !== '[' || state.linkLevel > 0) return false;
  const end = surveyOf(state).brackets.get(start);
  if (end === undefined || end >= state.posMax || !/\S/.test(state.src.slice(start + 1, end))) return false;
  destination.lastIndex = end + 1;
  const found = destination.exec(state.src);
  const written = found?.[1] ?? found?.[2] ?? '';
  const href = safeHref(written);
  if (!found || href === undefined) return false;
  const { posMax } = state;
  const token = state.push('link_open', 'a', 1);
  token.meta = { link: { href, written } };
  state.pos = start + 1;
  state.posMax = end;
  state.linkLevel++;
  state.md.inline.tokenize(state);
  state.linkLevel--;
  state.push('link_close', 'a', -1);
  state.pos = end + 1 + found[0].length;
  state.posMax = posMax;
  return true;
}

function angledLink(state: StateInline): boolean {
  if (state.src[state.pos] !== '<' || state.linkLevel > 0) return false;
  const found = matchAt(angled, state);
  const href = found && safeHref(found[1]!);
  if (!found || href === undefined) return false;
  const token = state.push('angled_link', 'a', 0);
  token.meta = { link: { href, written: found[1]! } };
  state.pos += found[0].length;
  return true;
}

function matchAt(pattern: RegExp, state: StateInline): RegExpExecArray | undefined {
  pattern.lastIndex = state.pos;
  return pattern.exec(state.src) ?? undefined;
}
