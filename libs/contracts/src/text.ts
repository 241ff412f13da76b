import * as z from 'zod';
import type { ErrorCode } from './errors';
import { countGraphemes } from './graphemes';
import { limits } from './limits';

const encoder = new TextEncoder();

/** Control characters other than line feed and tab; also the bidi overrides, which can make one text read as another. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]/u;
const anyControl = /[\t\n\u2028\u2029]/u;
/** Anything but what shows as nothing: a text without it is empty. */
const visible =
  /[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\uffa0\ufe00-\ufe0f]/u;

interface TextRule {
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
function textProblem(text: string, rule: TextRule): { code: ErrorCode; message: string } | undefined {
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

/** A string that is normalised (NFC, trimmed, line ends as \n) and then checked; its issues carry the error code they stand for. */
function text(rule: TextRule) {
  return z
    .string()
    .overwrite((raw) => (raw.isWellFormed() ? raw.replace(/\r\n?/g, '\n').normalize('NFC').trim() : raw))
    .check((context) => {
      const problem = textProblem(context.value, rule);
      if (problem)
        context.issues.push({
          code: 'custom',
          input: context.value,
          message: problem.message,
          params: { code: problem.code },
        });
    });
}

/** The text of a message, at most 4,000 graphemes and 16 KiB. */
export const Body = text({
  maxGraphemes: () => limits.messageGraphemes,
  maxBytes: () => limits.messageBytes,
  multiline: true,
}).meta({
  description: 'Text, 1–4,000 characters as people count them and at most 16 KiB. Stored in NFC, trimmed.',
  example: '大家好！第一次來 🌷',
});

/** A person's name, 1–32 graphemes on one line. */
export const DisplayName = text({
  maxGraphemes: () => limits.displayNameGraphemes,
  maxBytes: () => limits.displayNameBytes,
  multiline: false,
}).meta({ description: 'A name, 1–32 characters as people count them, on one line.', example: '小桃' });

/** What a group is called, 1–64 graphemes on one line. */
export const Title = text({
  maxGraphemes: () => limits.titleGraphemes,
  maxBytes: () => limits.titleBytes,
  multiline: false,
}).meta({ description: 'A title, 1–64 characters as people count them, on one line.', example: '週末爬山' });

/** What a room is about: one line of up to 250 graphemes. */
export const Topic = text({
  maxGraphemes: () => limits.topicGraphemes,
  maxBytes: () => limits.topicBytes,
  multiline: false,
}).meta({
  description: 'A topic, 1–250 characters as people count them, on one line.',
  example: 'Trails within two hours',
});

/** What comes with a friend request: plain text, up to 140 graphemes. */
export const Note = text({
  maxGraphemes: () => limits.noteGraphemes,
  maxBytes: () => limits.noteBytes,
  multiline: true,
}).meta({ description: 'A plain note, 1–140 characters as people count them.', example: 'We met in the lobby 🌷' });

/** What somebody is about to say: as a message, but it may be empty, and nothing is trimmed under their hands. */
export const DraftText = z
  .string()
  .check((context) => {
    const { value } = context;
    if (value.length > limits.messageBytes || encoder.encode(value).length > limits.messageBytes)
      context.issues.push({
        code: 'custom',
        input: value,
        message: `must be at most ${limits.messageBytes} bytes`,
        params: { code: 'too_long' },
      });
    else if (!value.isWellFormed() || value.includes('\u0000'))
      context.issues.push({
        code: 'custom',
        input: value,
        message: 'must be well-formed Unicode',
        params: { code: 'invalid_text' },
      });
  })
  .meta({ description: 'Text at most 16 KiB long; empty is no draft.', example: 'About tomorrow' });

const emoji = /^\p{RGI_Emoji}$/v;

/** One emoji as Unicode recommends them for interchange. */
export const Emoji = z
  .string()
  .max(64)
  .refine((value) => emoji.test(value), 'must be one emoji')
  .meta({ description: 'One emoji.', example: '🎉' });
