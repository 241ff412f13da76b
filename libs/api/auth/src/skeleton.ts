import { usernameKey } from '@cloudhop/contracts';
import unhomoglyph from 'unhomoglyph';

/** How a name looks (the skeleton of UTS #39): names that people can't tell apart have the same. */
export function skeletonOf(name: string): string {
  // Case is folded first: an I is not an l because the one is written large.
  const key = usernameKey(name).normalize('NFD');
  return unhomoglyph(key).normalize('NFD').toLowerCase();
}
