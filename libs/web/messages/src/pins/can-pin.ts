import type { Conversation } from '@cloudhop/contracts';

/** Returns true if the user can pin: in rooms and the lobby only moderators, elsewhere everybody. */
export function canPin({ kind, role, archivedAt }: Pick<Conversation, 'kind' | 'role' | 'archivedAt'>): boolean {
  if (archivedAt !== undefined) return false;
  return (kind !== 'room' && kind !== 'lobby') || role !== 'member';
}
