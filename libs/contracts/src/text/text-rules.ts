import type { ErrorCode } from '../errors';
import { limits } from '../limits';
import { countGraphemes } from './graphemes';

const encoder = new TextEncoder();

/** Control characters other than line feed and tab; also the bidi overrides, which can make one text read as another. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]/u;

const anyControl = /[\t\n\u2028\u2029]/u;

/** Anything but what shows as nothing: a text without it is empty. */
const visible =
  /[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\uffa0\ufe00-\ufe0f]/u;

/** What a text may be. The numbers are read when they are needed: a file can override them. */
export interface TextRule {
  maxGraphemes: () => number;
  maxBytes: () => number;
  multiline: boolean;
}

/** Made once for each value of the limit, which is read from a file after this module was. */
let stacked = { marks: NaN, pattern: /./ };

function stackedMarks(marks: number): RegExp {
  if (stacked.marks !== marks) stacked = { marks, pattern: new RegExp(`\\p{M}{${marks + 1}}`, 'u') };
  return stacked.pattern;
}

/** A UTF-16 unit is at most three bytes, and every character has one at least: what is short needs no counting. */
export function textProblem(text: string, rule: TextRule): { code: ErrorCode; message: string } | undefined {
  if (!text.isWellFormed()) return { code: 'invalid_text', message: 'must be well-formed Unicode' };
  // Bytes first: they bound what the steps after cost.
  if (text.length * 3 > rule.maxBytes() && encoder.encode(text).length > rule.maxBytes())
    return { code: 'too_long', message: `must be at most ${rule.maxBytes()} bytes` };
  if (control.test(text) || (!rule.multiline && anyControl.test(text)))
    return { code: 'invalid_text', message: 'must not hold control characters' };
  if (stackedMarks(limits.combiningMarks).test(text))
    return { code: 'invalid_text', message: `must not stack more than ${limits.combiningMarks} combining marks` };
  if (!visible.test(text)) return { code: 'invalid_text', message: 'must not be empty' };
  if (text.length > rule.maxGraphemes() && countGraphemes(text) > rule.maxGraphemes())
    return { code: 'too_long', message: `must be at most ${rule.maxGraphemes()} characters` };
  return undefined;
}

/** As a text is stored: NFC, line ends as \n, without space around it. */
export function normalText(raw: string): string {
  return raw.isWellFormed() ? raw.replace(/\r\n?/g, '\n').normalize('NFC').trim() : raw;
}

/**
 * What can be kept of a text that was typed or pasted: without the control characters that textProblem refuses. They
 * show as nothing, and nobody can find them to take them away.
 */
export function usableText(raw: string): string {
  return raw.toWellFormed().replace(/\r\n?/g, '\n').replace(new RegExp(control, 'gu'), '');
}
