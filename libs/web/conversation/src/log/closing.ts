import type { Block, Conversation, User } from '@cloudhop/contracts';

/** Why one cannot write in a private conversation. */
export interface Closing {
  reason: 'blocked' | 'gone';
  peerId: string;
}

/** What closes a conversation, as far as this page knows; what only the server knows is said when it refuses. */
export function closingOf(
  { kind, peerId }: Conversation,
  blocks: ReadonlyMap<string, Block['level']>,
  users: ReadonlyMap<string, User>,
): Closing | undefined {
  if (kind !== 'direct' || peerId === undefined) return undefined;
  if (users.get(peerId)?.isGone) return { reason: 'gone', peerId };
  return blocks.get(peerId) === 'blocked' ? { reason: 'blocked', peerId } : undefined;
}
