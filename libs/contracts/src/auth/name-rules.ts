import type { ErrorCode } from '../errors';
import { limits } from '../limits';
import { eastAsian } from '../text/east-asian';
import { countGraphemes } from '../text/graphemes';
import type { TextRule } from '../text/text-rules';

const encoder = new TextEncoder();

const usernameCharacters = /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}_.-])+$/u;

/** Allows single signs between letters or digits. A sign at an end reads as part of the sentence; several are hard to count. */
const separated = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[_.-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*$/u;

/** `@` before six hexadecimal digits names a guest by the tag. */
const tagPattern = /^[0-9a-f]{6}$/i;

const latin = /\p{Script=Latin}/u;

const shared = /[\p{Script=Common}\p{Script=Inherited}]/u;

/**
 * Returns true if all letters are of one script, or of East Asian scripts and Latin: the only ones that a name may mix
 * (UTS #39, "highly restrictive").
 */
function isOfOneScript(name: string): boolean {
  const letters = [...name].filter((character) => !shared.test(character));
  if (letters.every((letter) => latin.test(letter) || eastAsian.test(letter))) return true;
  const [first = ''] = letters;
  const script = scriptsOf.find((pattern) => pattern.test(first));
  return script !== undefined && letters.every((letter) => script.test(letter));
}

/** The recommended scripts of UAX #31, table 5, except Latin and the East Asian ones. */
const scriptsOf = [
  'Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao',
  'Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan',
]
  .join(' ')
  .split(' ')
  .map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));

/**
 * Returns the problem of a new username, in its stored form, for the server and the page. Existing names stay valid.
 */
export function usernameProblem(name: string): { code: ErrorCode; message: string } | undefined {
  const length = countGraphemes(name);
  if (length > limits.usernameGraphemes || encoder.encode(name).length > limits.displayNameBytes)
    return { code: 'too_long', message: `must be at most ${limits.usernameGraphemes} characters` };
  if (length < limits.usernameMinLength)
    return { code: 'invalid_text', message: `must be at least ${limits.usernameMinLength} characters` };
  if (!name.isWellFormed() || !usernameCharacters.test(name))
    return { code: 'invalid_text', message: 'must contain only letters, digits, and _ . -' };
  if (!separated.test(name))
    return {
      code: 'invalid_text',
      message: 'must begin and end with a letter or digit, with only single _ . - between',
    };
  if (tagPattern.test(name)) return { code: 'invalid_text', message: 'must not be six hexadecimal digits' };
  if (!isOfOneScript(name)) return { code: 'invalid_text', message: 'must not mix scripts' };
  return undefined;
}

/** Returns a username in its stored form: NFKC, trimmed. Ill-formed text is returned as it is. */
export function normalUsername(raw: string): string {
  return raw.isWellFormed() ? raw.trim().normalize('NFKC') : raw;
}

/** Returns a password in NFKC, so that another keyboard layout or input method produces the same one. */
export function normalPassword(raw: string): string {
  return raw.isWellFormed() ? raw.normalize('NFKC') : raw;
}

/** Returns the problem of a new password, in the form that is hashed. Undefined for a valid one. */
export function passwordProblem(password: string): string | undefined {
  if (encoder.encode(password).length > limits.passwordBytes) return `must be at most ${limits.passwordBytes} bytes`;
  if (countGraphemes(password) < limits.passwordMinLength)
    return `must be at least ${limits.passwordMinLength} characters`;
  return undefined;
}

/** Rule of display names: one line of up to 32 graphemes. */
export const displayNameRule: TextRule = {
  maxGraphemes: () => limits.displayNameGraphemes,
  maxBytes: () => limits.displayNameBytes,
  multiline: false,
};
