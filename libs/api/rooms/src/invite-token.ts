import { createHash } from 'node:crypto';

/** Returns the stored hash of a link's secret. */
export function hashOfInvite(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
