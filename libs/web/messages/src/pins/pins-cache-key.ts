import type { TimelineView } from '@cloudhop/sdk';

/** Returns a key that changes whenever a loaded message is pinned, unpinned, or edited while pinned. */
export function pinsCacheKey(entries: TimelineView['entries']): string {
  return entries
    .flatMap(({ message: { id, pinnedAt, rev } }) => (pinnedAt === undefined ? [] : [`${id} ${pinnedAt} ${rev}`]))
    .join();
}
