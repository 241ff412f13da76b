import { computed, effect, inject, linkedSignal, signal, untracked, type Signal } from '@angular/core';
import type { ConnectionPhase, TimelineView } from '@cloudhop/sdk';
import { Attention, ClientStore, PageTitle } from '@cloudhop/web/state';
import { countNew } from './new-count';
import { clearedMarker, firstMarker, nextMarker, type NewMarker } from './new-marker';

export interface Reading {
  /** Seq below the "new" marker. */
  newAfterSeq: Signal<number | undefined>;
  /** Number of new messages by others. */
  newCount: Signal<number>;
  /** Number of unread messages, without those of blocked users. */
  unread: Signal<number>;
  /** True while the page has attention. */
  isHere: Signal<boolean>;
  /** Clears the "new" marker after a reply. */
  answered: () => void;
}

/**
 * Moves the read mark, also over deleted messages, while the newest end is visible, and tracks new messages. Requires
 * an injection context.
 */
export function injectReading(view: Signal<TimelineView>, isAtBottom: () => boolean): Reading {
  const store = inject(ClientStore);
  const attention = inject(Attention);
  const title = inject(PageTitle);
  const marker = signal<NewMarker | undefined>(undefined);
  const isSeen = computed(() => attention.isHere() && isAtBottom());
  /** True when the newest message here is the newest on the server. Catching up does not reset it. */
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
    // Only the lobby: other conversations are counted by the badges wherever the user is.
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
