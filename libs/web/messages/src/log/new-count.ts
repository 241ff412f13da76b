import type { TimelineView } from '@cloudhop/sdk';
import type { NewMarker } from './new-marker';

/** Returns the number of new messages by others. Messages that are not loaded count as others'. */
export function countNew(
  { entries, conversation }: Pick<TimelineView, 'entries' | 'conversation'>,
  { afterSeq, untilSeq = Infinity }: Pick<NewMarker, 'afterSeq' | 'untilSeq'>,
  isHeard: (userId: string) => boolean,
): number {
  if (afterSeq === undefined) return 0;
  const begin = Math.max(afterSeq, conversation.floorSeq);
  const firstLoaded = entries.find(({ message }) => message.rev > 0)?.message.seq ?? conversation.seq + 1;
  const missing = Math.max(0, Math.min(firstLoaded - 1, untilSeq) - begin);
  const loaded = entries.filter(
    ({ message: { seq, rev, authorId }, isMine }) =>
      rev > 0 && seq > begin && seq <= untilSeq && !isMine && isHeard(authorId),
  );
  return missing + loaded.length;
}
