import type { AvatarPresence } from '@cloudhop/web/ui';

/** Sorts online people first, then idle ones, then the rest. Stable. */
export function onlineFirst<T extends { userId: string }>(
  people: readonly T[],
  presenceOf: (userId: string) => AvatarPresence | undefined,
): T[] {
  const rankOf = ({ userId }: T) => ({ online: 0, idle: 1, none: 2 })[presenceOf(userId) ?? 'none'];
  return [...people].sort((a, b) => rankOf(a) - rankOf(b));
}
