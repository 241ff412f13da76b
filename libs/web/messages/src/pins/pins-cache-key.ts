import type { TimelineView } from '@cloudhop/sdk';

/** Something that is another whenever a loaded message was pinned, unpinned, or changed while it is pinned. */
export function pinsCacheKey(entries: TimelineView['entries']): string {
  return entries
    .flatMap(({ message: { id, pinnedAt, rev } }) => (pinnedAt === undefined ? [] : [`${id} ${pinnedAt} ${rev}`]))
    .join();
}
