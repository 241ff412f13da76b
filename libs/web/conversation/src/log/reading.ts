import { computed, effect, inject, signal, untracked, type Signal } from '@angular/core';
import type { TimelineView } from '@cloudhop/sdk';
import { Attention, ClientStore, PageTitle } from '@cloudhop/web/state';
import { clearedMarker, firstMarker, nextMarker, type NewMarker } from './new-marker';

export interface Reading {
  /** The line "new" stands above what is beyond this seq. */
  newAfterSeq: Signal<number | undefined>;
  /** What is new, without what people said whom one does not want to hear. */
  unread: Signal<number>;
  /** Who answers has read. */
  answered: () => void;
}

/** Moves the read mark while someone looks at the newest message, and says what is new. Call it where `inject` may be called. */
export function injectReading(view: Signal<TimelineView>, isAtBottom: () => boolean): Reading {
  const store = inject(ClientStore);
  const attention = inject(Attention);
  const title = inject(PageTitle);
  const marker = signal<NewMarker | undefined>(undefined);
  const headSeq = computed(() => view().entries.findLast(({ message }) => message.rev > 0)?.message.seq ?? 0);
  const isReading = computed(() => attention.isHere() && isAtBottom());
  const unread = computed(() => {
    const { entries, readSeq, unread } = view();
    const blocks = store.blocks();
    if (blocks.size === 0 || unread === 0) return unread;
    const unheard = entries.filter(({ message }) => message.seq > readSeq && blocks.has(message.authorId)).length;
    return Math.max(0, unread - unheard);
  });

  effect(() => {
    const reading = { isReading: isReading(), headSeq: headSeq(), readSeq: view().readSeq };
    marker.update((marker) => (marker ? nextMarker(marker, reading) : firstMarker(reading)));
    if (reading.isReading && reading.headSeq > reading.readSeq)
      untracked(() => store.act.markRead(view().conversation.id, reading.headSeq));
  });
  effect((onCleanup) => {
    // One's own conversations are counted wherever one is; this is for the places that everybody reads.
    title.showUnread(attention.isHere() || view().conversation.kind !== 'lobby' ? 0 : unread());
    onCleanup(() => title.showUnread(0));
  });
  return {
    newAfterSeq: computed(() => marker()?.afterSeq),
    unread,
    answered: () => marker.update((marker) => marker && clearedMarker(marker)),
  };
}
