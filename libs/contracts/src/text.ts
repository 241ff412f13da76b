import * as z from 'zod';
import { limits } from './limits';
import { type TextRule, displayNameRule, normalText, textProblem } from './text-rules';

const encoder = new TextEncoder();

/** A string that is normalised (NFC, trimmed, line ends as \n) and then checked; its issues carry the error code they stand for. */
function text(rule: TextRule) {
  return z
    .string()
    .overwrite(normalText)
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
export const DisplayName = text(displayNameRule).meta({
  description: 'A name, 1–32 characters as people count them, on one line.',
  example: '小桃',
});

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
