import { limits } from '../limits';
import { folded } from '../text/folding';

const words = /[\p{L}\p{M}\p{N}]+/gu;
/** What every slug is like. */
export const slugPattern = /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u;
/** A room's key is its slug or its id: no slug looks like an id. */
export const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The slug that a room of this name gets: its words, joined by hyphens. Empty for a name without a letter or digit. */
export function slugOf(name: string): string {
  const joined = (folded(name).match(words) ?? []).join('-');
  const cut = [...joined].slice(0, limits.slugCharacters).join('').replace(/-+$/, '');
  return idPattern.test(cut) ? cut.replaceAll('-', '') : cut;
}

/** What a room's name begins with when people look for it: without case, width and what shows as nothing. */
export function roomNameKey(name: string): string {
  return folded(name)
    .replace(/[\p{Cf}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}
