import type { Conversation } from '@cloudhop/contracts';

/** Who pins for everybody: in public places and rooms who looks after them, elsewhere all. */
export function canPin({ kind, role, archivedAt }: Pick<Conversation, 'kind' | 'role' | 'archivedAt'>): boolean {
  if (archivedAt !== undefined) return false;
  return (kind !== 'room' && kind !== 'lobby') || role !== 'member';
}
