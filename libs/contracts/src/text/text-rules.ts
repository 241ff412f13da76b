import type { ErrorCode } from '../errors';
import { limits } from '../limits';
import { countGraphemes } from './graphemes';

const encoder = new TextEncoder();

/** Matches control characters other than line feed and tab, and bidi overrides, which can make one text read as another. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]/u;

const anyControl = /[\t\n\u2028\u2029]/u;

/** Matches a visible character. A text without one is empty. */
const visible =
  /[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\uffa0\ufe00-\ufe0f]/u;

/** Bounds of a text. The numbers are functions because LIMITS_FILE can override them after this module is loaded. */
export interface TextRule {
  maxGraphemes: () => number;
  maxBytes: () => number;
  multiline: boolean;
}

/** Cached pattern, compiled again when the limit changes. */
let stacked = { marks: NaN, pattern: /./ };

function stackedMarks(marks: number): RegExp {
  if (stacked.marks !== marks) stacked = { marks, pattern: new RegExp(`\\p{M}{${marks + 1}}`, 'u') };
  return stacked.pattern;
}

/**
 * Returns the first problem of a text, in its stored form. Undefined for a valid one. Short texts are not counted: a
 * UTF-16 unit has at most three bytes, and a grapheme at least one unit.
 */
export function textProblem(text: string, rule: TextRule): { code: ErrorCode; message: string } | undefined {
  if (!text.isWellFormed()) return { code: 'invalid_text', message: 'must be well-formed Unicode' };
  // Bytes first: they bound the cost of the steps after.
  if (text.length * 3 > rule.maxBytes() && encoder.encode(text).length > rule.maxBytes())
    return { code: 'too_long', message: `must be at most ${rule.maxBytes()} bytes` };
  if (control.test(text) || (!rule.multiline && anyControl.test(text)))
    return { code: 'invalid_text', message: 'must not contain control characters' };
  if (stackedMarks(limits.combiningMarks).test(text))
    return {
      code: 'invalid_text',
      message: `must not have more than ${limits.combiningMarks} combining marks in a row`,
    };
  if (!visible.test(text)) return { code: 'invalid_text', message: 'must not be empty' };
  if (text.length > rule.maxGraphemes() && countGraphemes(text) > rule.maxGraphemes())
    return { code: 'too_long', message: `must be at most ${rule.maxGraphemes()} characters` };
  return undefined;
}

/** Returns a text in its stored form: NFC, line ends as \n, trimmed. Ill-formed text is returned as it is. */
export function normalText(raw: string): string {
  return raw.isWellFormed() ? raw.replace(/\r\n?/g, '\n').normalize('NFC').trim() : raw;
}

/**
 * Returns a typed or pasted text without the control characters that textProblem refuses. They are invisible, so people
 * could not find and delete them.
 */
export function usableText(raw: string): string {
  return raw.toWellFormed().replace(/\r\n?/g, '\n').replace(new RegExp(control, 'gu'), '');
}
