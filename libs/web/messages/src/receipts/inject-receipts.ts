import { computed, inject, type Signal } from '@angular/core';
import type { TimelineView } from '@cloudhop/sdk';
import { ClientStore } from '@cloudhop/web/state';
import { injectTranslate, type RowContext } from '@cloudhop/web/ui';
import { readersOf, receiptAt, receiptText, thresholdsOf } from './receipts';

/** Receipts of the user's own messages; undefined where none are shared. Requires an injection context. */
export function injectReceipts(view: Signal<TimelineView>): Signal<RowContext['receiptOf']> {
  const store = inject(ClientStore);
  const t = injectTranslate();
  const conversation = computed(() => view().conversation);
  const members = computed(() => view().members);
  const marks = computed(() => view().marks);
  return computed(() => {
    const known = marks();
    if (!known) return undefined;
    const { kind } = conversation();
    const readers = readersOf(conversation(), members(), store.me()?.id);
    const thresholds = thresholdsOf(readers, known);
    return (seq, isLatest) => {
      const state = receiptAt(seq, thresholds);
      // Counts are shown under the latest message only; otherwise every mark would change the text of all rows.
      const words = isLatest
        ? receiptText(seq, { conversation: conversation(), marks: known }, readers)
        : { key: kind === 'group' && state === 'read' ? 'readByAll' : state, count: 0 };
      return { state, words: t(`receipts.${words.key}`, { count: words.count }) };
    };
  });
}
