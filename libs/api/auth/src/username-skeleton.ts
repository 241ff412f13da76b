import { usernameKey } from '@cloudhop/contracts';
import unhomoglyph from 'unhomoglyph';

/** How a username looks (the skeleton of UTS #39): names that people can't tell apart have the same. */
export function usernameSkeleton(username: string): string {
  // Case is folded first: an I is not an l because the one is written large.
  const key = usernameKey(username).normalize('NFD');
  return unhomoglyph(key).normalize('NFD').toLowerCase();
}
