import * as z from 'zod';
import { limits } from '../limits';
import { textSchema } from '../text/text-schema';

const encoder = new TextEncoder();

/** The text of a message, at most 4,000 graphemes and 16 KiB. */
export const Body = textSchema({
  maxGraphemes: () => limits.messageGraphemes,
  maxBytes: () => limits.messageBytes,
  multiline: true,
}).meta({
  description: 'Text of 1–4,000 grapheme clusters and at most 16 KiB. Stored in NFC, trimmed.',
  example: '大家好！第一次來 🌷',
});

/** Text of a draft. Unlike a message it may be empty, and it is not trimmed. */
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
        message: 'must be well-formed Unicode without NUL',
        params: { code: 'invalid_text' },
      });
  })
  .meta({ description: 'Text of at most 16 KiB. Empty if there is no draft.', example: 'About tomorrow' });

const emoji = /^\p{RGI_Emoji}$/v;

/** One emoji that Unicode recommends for general interchange (RGI). */
export const Emoji = z
  .string()
  .max(64)
  .refine((value) => emoji.test(value), 'must be one emoji')
  .meta({ description: 'A single emoji.', example: '🎉' });
