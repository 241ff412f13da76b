import { computed, type Signal } from '@angular/core';
import type { TimelineView } from '@cloudhop/sdk';
import { formatCountdown, injectSecondsClock, maxCountdownMs } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';

export interface SendCountdown {
  /** Milliseconds since the epoch; updated while a countdown runs. */
  now: Signal<number>;
  /** Remaining time of slow mode, formatted; empty when sending is allowed. */
  slow: Signal<string>;
  /** Returns the text for a queued message that is sent automatically at `until`. */
  wordsOf: Signal<(until: number) => string>;
}

/**
 * Countdowns of a conversation: slow mode, a mute, and queued messages that are sent when these end. Requires an
 * injection context.
 */
export function injectSendCountdown(view: Signal<TimelineView>): SendCountdown {
  const t = injectTranslate();
  const times = computed(
    () => {
      const { slowUntil, entries, conversation } = view();
      const mutedUntil = conversation.mutedUntil === undefined ? undefined : Date.parse(conversation.mutedUntil);
      return [slowUntil, mutedUntil, ...entries.flatMap(({ waitsUntil }) => waitsUntil ?? [])];
    },
    { equal: (a, b) => a.join() === b.join() },
  );
  const now = injectSecondsClock(times);
  return {
    now,
    slow: computed(() => {
      const left = (view().slowUntil ?? 0) - now();
      return left > 0 ? formatCountdown(left) : '';
    }),
    wordsOf: computed(() => {
      const at = now();
      return (until) =>
        until > at && until - at <= maxCountdownMs ? t('slow.leaves', { time: formatCountdown(until - at) }) : '';
    }),
  };
}
