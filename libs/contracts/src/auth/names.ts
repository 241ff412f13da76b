import * as z from 'zod';
import { textSchema } from '../text/text-schema';
import { displayNameRule, normalPassword, normalUsername, passwordProblem, usernameProblem } from './name-rules';

/** Username, in NFKC: used to sign in and to be found. Unique, also in another case and in look-alike characters. */
export const Username = z
  .string()
  .max(1_024)
  .overwrite(normalUsername)
  .check((context) => {
    const problem = usernameProblem(context.value);
    if (problem)
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: problem.message,
        params: { code: problem.code },
      });
  })
  .meta({
    description:
      'Username of 3–32 characters: letters of any script, digits, and single _ . - between them. Must not mix scripts, except Latin with East Asian ones.',
    example: 'momo',
  });

/** Display name: 1–32 graphemes on one line. */
export const DisplayName = textSchema(displayNameRule).meta({
  description: 'Display name of 1–32 grapheme clusters, on one line.',
  example: '小桃',
});

/** Password of a member. Only its hash is stored. */
export const Password = z
  .string()
  .overwrite(normalPassword)
  .check((context) => {
    const { value } = context;
    const problem = passwordProblem(value);
    if (problem !== undefined) context.issues.push({ code: 'custom', input: value, message: problem });
  })
  .meta({ description: 'Password of at least 8 characters and at most 256 bytes.', example: 'correct horse battery' });
