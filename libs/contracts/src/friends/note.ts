import { limits } from '../limits';
import { textSchema } from '../text/text-schema';

/** Note of a friend request: plain text of up to 140 graphemes. */
export const Note = textSchema({
  maxGraphemes: () => limits.noteGraphemes,
  maxBytes: () => limits.noteBytes,
  multiline: true,
}).meta({ description: 'Plain text of 1–140 grapheme clusters.', example: 'We met in the lobby 🌷' });
