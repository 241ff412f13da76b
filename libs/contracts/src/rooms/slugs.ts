import * as z from 'zod';
import { limits } from '../limits';
import { folded } from '../text/folding';
import { textSchema } from '../text/text-schema';
import { idPattern, slugPattern } from './room-names';

/** Slug of a room, chosen by a user: the last part of its address. */
export const Slug = z
  .string()
  .max(1_024)
  .overwrite((raw) => (raw.isWellFormed() ? folded(raw.trim()) : raw))
  .check((context) => {
    const { value } = context;
    const code = [...value].length > limits.slugCharacters ? 'too_long' : 'invalid_text';
    if (code === 'invalid_text' && value.isWellFormed() && slugPattern.test(value) && !idPattern.test(value)) return;
    const message =
      code === 'too_long'
        ? `must be at most ${limits.slugCharacters} characters`
        : 'must contain only letters and digits, with single hyphens between';
    context.issues.push({ code: 'custom', input: value, message, params: { code } });
  })
  .meta({
    description: 'Slug of 1–64 characters: lower-case letters and digits of any script, with single hyphens between.',
    example: 'weekend-hiking',
  });

/** Slug or id of a room, in requests. If two rooms match, the private room of which the user is a member wins. */
export const RoomKey = z
  .string()
  .min(1)
  .max(512)
  .overwrite((raw) => (raw.isWellFormed() ? folded(raw) : raw))
  .meta({ description: 'Slug or id of a room.', example: 'weekend-hiking' });

/** Secret of an invite link: the fragment of its address. */
export const InviteToken = z
  .string()
  .min(16)
  .max(64)
  .meta({ description: 'Secret of an invite link.', example: 'q1Jx0mZcT5m9o2b8Ww3k7A' });

/** Topic of a room: one line of up to 250 graphemes. */
export const Topic = textSchema({
  maxGraphemes: () => limits.topicGraphemes,
  maxBytes: () => limits.topicBytes,
  multiline: false,
}).meta({
  description: 'Topic of 1–250 grapheme clusters, on one line.',
  example: 'Trails within two hours',
});
