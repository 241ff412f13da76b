import { defaultNotices, maxStoredTime, type Conversation, type NoticeLevel } from '@cloudhop/contracts';

/** Durations of a mute; `always` lasts until it is turned off. */
export const muteSpans = ['hour', 'hours', 'week', 'always'] as const;
export type MuteSpan = (typeof muteSpans)[number];

const hourMs = 3_600_000;
const spanMs = { hour: hourMs, hours: 8 * hourMs, week: 7 * 24 * hourMs } as const;
/** Mutes longer than this are permanent. */
const alwaysMs = 100 * 365 * 24 * hourMs;

/** Returns the end of a mute that starts at `now`, in milliseconds since the epoch. */
export function muteUntil(span: MuteSpan, now: number): string {
  return span === 'always' ? maxStoredTime : new Date(now + spanMs[span]).toISOString();
}

/** Returns the active mute, if any; without `until` if it is permanent. */
export function activeMuteOf(
  { quietUntil: until }: Pick<Conversation, 'quietUntil'>,
  now: number,
): { until?: string } | undefined {
  const leftMs = until === undefined ? 0 : Date.parse(until) - now;
  if (until === undefined || leftMs <= 0) return undefined;
  return leftMs > alwaysMs ? {} : { until };
}

/** Returns the chosen notification level, whether or not the conversation is muted. */
export function chosenLevel({ kind, notices }: Pick<Conversation, 'kind' | 'notices'>): NoticeLevel {
  return notices ?? defaultNotices(kind);
}
