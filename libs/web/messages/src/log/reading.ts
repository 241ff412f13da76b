import { computed, effect, inject, linkedSignal, signal, untracked, type Signal } from '@angular/core';
import type { ConnectionPhase, TimelineView } from '@cloudhop/sdk';
import { Attention, ClientStore, PageTitle } from '@cloudhop/web/state';
import { countNew } from './new-count';
import { clearedMarker, firstMarker, nextMarker, type NewMarker } from './new-marker';

export interface Reading {
  /** The line "new" stands above what is beyond this seq. */
  newAfterSeq: Signal<number | undefined>;
  /** How much of it others said before one read. */
  newCount: Signal<number>;
  /** What is unread, without what people said whom one does not want to hear. */
  unread: Signal<number>;
  /** Whether somebody looks at the page. */
  isHere: Signal<boolean>;
  /** Who answers has read. */
  answered: () => void;
}

/**
 * Moves the read mark while someone is at the newest end, over deleted messages too, and says what is new. Call it where
 * `inject` may be called.
 */
export function injectReading(view: Signal<TimelineView>, isAtBottom: () => boolean): Reading {
  const store = inject(ClientStore);
  const attention = inject(Attention);
  const title = inject(PageTitle);
  const marker = signal<NewMarker | undefined>(undefined);
  const isSeen = computed(() => attention.isHere() && isAtBottom());
  /** Whether the newest message here is the newest there is; catching up with something small is no interruption. */
  const isCurrent = linkedSignal<ConnectionPhase, boolean>({
    source: computed(() => store.connection().phase),
    computation: (phase, before) => (phase === 'catchingUp' ? before?.value === true : phase === 'live'),
  });
  const unread = computed(() => {
    const { entries, readSeq, unread } = view();
    const blocks = store.blocks();
    if (blocks.size === 0 || unread === 0) return unread;
    const unheard = entries.filter(({ message }) => message.seq > readSeq && blocks.has(message.authorId)).length;
    return Math.max(0, unread - unheard);
  });

  effect(() => {
    const { conversation, headSeq, readSeq } = view();
    const reading = {
      isReading: isSeen() && isCurrent(),
      isHere: attention.isHere(),
      headSeq: Math.max(headSeq, conversation.seq),
      readSeq,
    };
    marker.update((marker) =>
      marker ? nextMarker(marker, reading) : firstMarker(reading, conversation.kind === 'lobby'),
    );
    if (isSeen() && headSeq > readSeq) untracked(() => store.act.markRead(conversation.id, headSeq));
  });
  effect((onCleanup) => {
    // One's own conversations are counted wherever one is; this is for the places that everybody reads.
    title.showUnread(attention.isHere() || view().conversation.kind !== 'lobby' ? 0 : unread());
    onCleanup(() => title.showUnread(0));
  });
  return {
    newAfterSeq: computed(() => marker()?.afterSeq),
    newCount: computed(() => countNew(view(), marker() ?? {}, (id) => !store.blocks().has(id))),
    unread,
    isHere: attention.isHere,
    answered: () => marker.update((marker) => marker && clearedMarker(marker)),
  };
}
