import { usernameKey } from '@cloudhop/contracts';
import unhomoglyph from 'unhomoglyph';

/** Passes after which a look no longer changes: each maps characters that the pass before has lower-cased. */
const passes = 3;

/**
 * Returns the skeleton (UTS #39) of a lower-cased name. It is stored, so the result for a name must never change. Names
 * are also compared by their looks, see looksOf.
 */
export function skeletonOf(name: string): string {
  // Case is folded first: an I is not an l because the one is written large.
  const key = usernameKey(name).normalize('NFD');
  return unhomoglyph(key).normalize('NFD').toLowerCase();
}

/** Returns the look of a text: its skeleton (UTS #39) without case. */
export function lookOf(text: string): string {
  let look = text.normalize('NFKC');
  // The table has composed letters too, which NFD would take apart before they are looked up.
  for (let pass = 0; pass < passes; pass++)
    for (const form of ['NFC', 'NFD']) look = unhomoglyph(look.normalize(form)).normalize('NFD').toLowerCase();
  // The dot of an i is the i's own.
  return look.replace(/([ij])\u0307/g, '$1').replace(/([_.-])\1+/g, '$1');
}

/**
 * Returns the looks of a username: as it is shown, in lower case, and its stored skeleton. Two names that share one
 * can't be told apart.
 */
export function looksOf(username: string): string[] {
  return [...new Set([lookOf(username), lookOf(usernameKey(username)), lookOf(skeletonOf(username))])];
}
