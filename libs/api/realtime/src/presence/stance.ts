import * as z from 'zod';

/** Presence of a user on one node. */
export const Stance = z.object({ status: z.enum(['online', 'idle']), showsLastSeen: z.boolean() });
export type Stance = z.infer<typeof Stance>;

/**
 * Merges presence: online if any device is online, else idle. If nodes differ about last seen, the more private setting
 * applies.
 */
export function mergedStatus(stances: readonly (Stance | undefined)[]): Stance | undefined {
  const here = stances.filter((stance) => stance !== undefined);
  if (here.length === 0) return undefined;
  const isOnline = here.some(({ status }) => status === 'online');
  return { status: isOnline ? 'online' : 'idle', showsLastSeen: here.every(({ showsLastSeen }) => showsLastSeen) };
}
