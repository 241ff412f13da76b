import { usernameKey } from '@cloudhop/contracts';
import unhomoglyph from 'unhomoglyph';

/** Passes after which a look no longer changes. Each maps what the pass before has brought to lower case. */
const passes = 3;

/**
 * Returns the skeleton (UTS #39) of a name in lower case. It is stored: what it returns for a name never changes.
 * Names are compared by their looks as well.
 */
export function skeletonOf(name: string): string {
  // Case is folded first: an I is not an l because the one is written large.
  const key = usernameKey(name).normalize('NFD');
  return unhomoglyph(key).normalize('NFD').toLowerCase();
}

/** Returns what a text looks like as it is shown: its skeleton (UTS #39) without case. */
export function lookOf(text: string): string {
  let look = text.normalize('NFKC');
  // The table names composed letters too, which are none in the form that the rest of it is for.
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
