import { limits } from '../limits';
import { folded } from '../text/folding';

const words = /[\p{L}\p{M}\p{N}]+/gu;
/** Pattern of every slug. */
export const slugPattern = /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u;
/** Pattern of ids. No slug matches it, so that a room can be addressed by either. */
export const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns the default slug of a room: the words of its name, joined by hyphens. Empty for a name without letters and digits. */
export function slugOf(name: string): string {
  const joined = (folded(name).match(words) ?? []).join('-');
  const cut = [...joined].slice(0, limits.slugCharacters).join('').replace(/-+$/, '');
  return idPattern.test(cut) ? cut.replaceAll('-', '') : cut;
}

/** Returns the key by which room names are searched: without case, width and invisible characters. */
export function roomNameKey(name: string): string {
  return folded(name)
    .replace(/[\p{Cf}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}
