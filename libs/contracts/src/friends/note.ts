import { limits } from '../limits';
import { textSchema } from '../text/text-schema';

/** Note of a friend request: plain text of up to 140 graphemes. */
export const Note = textSchema({
  maxGraphemes: () => limits.noteGraphemes,
  maxBytes: () => limits.noteBytes,
  multiline: true,
}).meta({ description: 'A plain note, 1–140 characters as people count them.', example: 'We met in the lobby 🌷' });
