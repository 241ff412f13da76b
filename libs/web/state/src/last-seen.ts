import type { FriendPresence } from '@cloudhop/contracts';
import type { DateWords } from './dates';

/** Key of the dictionary, with its parameters. */
export interface PresenceWords {
  key: string;
  params: Record<string, string | number>;
}

const minuteMs = 60_000;
/** Granularity in minutes: the server rounds to it. */
const stepMinutes = 5;

/** Returns the text of a friend's presence at `now`, in milliseconds since the epoch. */
export function presenceWords(
  { status, lastSeenAt }: FriendPresence,
  { now, dates }: { now: number; dates: DateWords },
): PresenceWords {
  if (status !== 'offline') return { key: `presence.${status}`, params: {} };
  if (lastSeenAt === undefined) return { key: 'presence.offline', params: {} };
  const minutes = (now - Date.parse(lastSeenAt)) / minuteMs;
  if (minutes < stepMinutes) return { key: 'presence.seen.justNow', params: {} };
  if (minutes < 60)
    return { key: 'presence.seen.minutes', params: { count: Math.floor(minutes / stepMinutes) * stepMinutes } };
  const time = dates.time(lastSeenAt);
  const day = dates.dayKey(lastSeenAt);
  if (day === dates.dayKey(new Date(now).toISOString())) return { key: 'presence.seen.today', params: { time } };
  if (day === dates.dayKey(new Date(now - 24 * 60 * minuteMs).toISOString()))
    return { key: 'presence.seen.yesterday', params: { time } };
  return { key: 'presence.seen.on', params: { date: dates.date(lastSeenAt, new Date(now)) } };
}
