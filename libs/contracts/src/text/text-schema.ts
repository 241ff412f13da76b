import * as z from 'zod';
import { limits } from '../limits';
import { normalText, textProblem, type TextRule } from './text-rules';

/** Returns a schema that normalises a string (NFC, trimmed, line ends as \n) and checks it. Its issues carry an error code. */
export function textSchema(rule: TextRule) {
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

/** Title of a group or a room: 1–64 graphemes on one line. */
export const Title = textSchema({
  maxGraphemes: () => limits.titleGraphemes,
  maxBytes: () => limits.titleBytes,
  multiline: false,
}).meta({ description: 'Title of 1–64 grapheme clusters, on one line.', example: '週末爬山' });
