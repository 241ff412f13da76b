import { defaultNotices, maxStoredTime, type Conversation, type NoticeLevel } from '@cloudhop/contracts';

/** How long a conversation can be muted; the last one until it is turned on again. */
export const muteSpans = ['hour', 'hours', 'week', 'always'] as const;
export type MuteSpan = (typeof muteSpans)[number];

const hourMs = 3_600_000;
const spanMs = { hour: hourMs, hours: 8 * hourMs, week: 7 * 24 * hourMs } as const;
/** What lasts for longer than this was meant to last. */
const alwaysMs = 100 * 365 * 24 * hourMs;

/** Until when somebody is muted who mutes it now; `now` in milliseconds since the epoch. */
export function quietUntil(span: MuteSpan, now: number): string {
  return span === 'always' ? maxStoredTime : new Date(now + spanMs[span]).toISOString();
}

/** Whether it is muted, and until when; without an end where that was not meant to come. */
export function activeMuteOf(
  { quietUntil: until }: Pick<Conversation, 'quietUntil'>,
  now: number,
): { until?: string } | undefined {
  const leftMs = until === undefined ? 0 : Date.parse(until) - now;
  if (until === undefined || leftMs <= 0) return undefined;
  return leftMs > alwaysMs ? {} : { until };
}

/** What was chosen for a conversation, whether or not it is muted just now. */
export function chosenLevel({ kind, notices }: Pick<Conversation, 'kind' | 'notices'>): NoticeLevel {
  return notices ?? defaultNotices(kind);
}
