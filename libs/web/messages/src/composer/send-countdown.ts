import { computed, type Signal } from '@angular/core';
import type { TimelineView } from '@cloudhop/sdk';
import { injectTranslate } from '@cloudhop/web/ui';
import { formatCountdown, injectSecondsClock, maxCountdownMs } from '@cloudhop/web/state';

export interface SendCountdown {
  /** The time in milliseconds since the epoch; it moves while something here runs. */
  now: Signal<number>;
  /** How long slow mode still keeps one from sending; empty while it does not. */
  slow: Signal<string>;
  /** When a line leaves by itself, in words. */
  wordsOf: Signal<(until: number) => string>;
}

/** What runs in a conversation: slow mode, a mute, and lines that leave when these end. Call it where `inject` may be called. */
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
