import type { Block, Conversation, User } from '@cloudhop/contracts';

/** Reason why the user can't write in a conversation. */
export type WriteRestriction =
  | { reason: 'blocked' | 'gone'; peerId: string }
  | { reason: 'archived' | 'announcement' | 'guests' }
  /** `until`: milliseconds since the epoch. */
  | { reason: 'muted'; until: number };

interface Known {
  me: User | undefined;
  blocks: ReadonlyMap<string, Block['level']>;
  users: ReadonlyMap<string, User>;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Returns the restriction known to this page, if any. Restrictions that only the server knows are reported when it
 * refuses a message.
 */
export function writeRestrictionOf(
  conversation: Conversation,
  { me, blocks, users, now }: Known,
): WriteRestriction | undefined {
  const { kind, peerId, role, archivedAt, mutedUntil, guests, isAnnouncement } = conversation;
  if (kind === 'direct') {
    if (peerId === undefined) return undefined;
    if (users.get(peerId)?.isGone) return { reason: 'gone', peerId };
    return blocks.get(peerId) === 'blocked' ? { reason: 'blocked', peerId } : undefined;
  }
  if (archivedAt !== undefined) return { reason: 'archived' };
  const until = mutedUntil === undefined ? 0 : Date.parse(mutedUntil);
  if (until > now) return { reason: 'muted', until };
  if (kind !== 'room' || role !== 'member') return undefined;
  if (me?.kind === 'guest' && guests !== 'write') return { reason: 'guests' };
  return isAnnouncement ? { reason: 'announcement' } : undefined;
}
