import type { TimelineEntry } from '@cloudhop/sdk';

/** Returns messages of others above `lastSeq`, and the new last seq. The first call returns none. */
export function arrivalsAfter(
  entries: readonly TimelineEntry[],
  lastSeq: number | undefined,
): { arrived: TimelineEntry[]; lastSeq: number } {
  const head = entries.findLast(({ message }) => message.rev > 0)?.message.seq ?? 0;
  if (lastSeq === undefined) return { arrived: [], lastSeq: head };
  const arrived: TimelineEntry[] = [];
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index]!;
    if (entry.message.rev > 0 && entry.message.seq <= lastSeq) break;
    if (entry.message.rev > 0 && !entry.isMine) arrived.unshift(entry);
  }
  return { arrived, lastSeq: Math.max(head, lastSeq) };
}
