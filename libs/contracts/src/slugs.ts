import * as z from 'zod';
import { limits } from './limits';

const words = /[\p{L}\p{M}\p{N}]+/gu;
const slug = /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u;
/** A room's key is its slug or its id: no slug looks like an id. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const folded = (text: string) => text.normalize('NFKC').toLowerCase().normalize('NFKC');

/** The slug that a room of this name gets: its words, joined by hyphens. Empty for a name without a letter or digit. */
export function slugOf(name: string): string {
  const joined = (folded(name).match(words) ?? []).join('-');
  const cut = [...joined].slice(0, limits.slugCharacters).join('').replace(/-+$/, '');
  return uuid.test(cut) ? cut.replaceAll('-', '') : cut;
}

/** What a room's name begins with when people look for it: without case, width and what shows as nothing. */
export function roomNameKey(name: string): string {
  return folded(name)
    .replace(/[\p{Cf}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** What a room's address ends in, as somebody chose it. */
export const Slug = z
  .string()
  .max(1_024)
  .overwrite((raw) => (raw.isWellFormed() ? folded(raw.trim()) : raw))
  .check((context) => {
    const { value } = context;
    const code = [...value].length > limits.slugCharacters ? 'too_long' : 'invalid_text';
    if (code === 'invalid_text' && value.isWellFormed() && slug.test(value) && !uuid.test(value)) return;
    const message =
      code === 'too_long'
        ? `must be at most ${limits.slugCharacters} characters`
        : 'must be letters and digits of any script, with single hyphens between';
    context.issues.push({ code: 'custom', input: value, message, params: { code } });
  })
  .meta({
    description: '1–64 letters and digits of any script in lower case, with single hyphens between.',
    example: 'weekend-hiking',
  });

/** A room's slug or id, where one asks for a room. Of two rooms, the private one that the asker is in comes first. */
export const RoomKey = z
  .string()
  .min(1)
  .max(512)
  .overwrite((raw) => (raw.isWellFormed() ? folded(raw) : raw))
  .meta({ description: 'The slug of a room, or its id.', example: 'weekend-hiking' });

/** The secret of an invite link: what stands behind the # of its address. */
export const InviteToken = z
  .string()
  .min(16)
  .max(64)
  .meta({ description: 'The secret of an invite link.', example: 'q1Jx0mZcT5m9o2b8Ww3k7A' });
