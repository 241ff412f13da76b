import * as z from 'zod';
import { limits } from '../limits';
import { normalText, textProblem, type TextRule } from './text-rules';

/** A string that is normalised (NFC, trimmed, line ends as \n) and then checked; its issues carry the error code they stand for. */
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

/** What a group is called, 1–64 graphemes on one line. */
export const Title = textSchema({
  maxGraphemes: () => limits.titleGraphemes,
  maxBytes: () => limits.titleBytes,
  multiline: false,
}).meta({ description: 'A title, 1–64 characters as people count them, on one line.', example: '週末爬山' });
