import type { Language } from './language';

type DateWords = Pick<ReturnType<Language['dates']>, 'date' | 'dayKey' | 'time'>;

/** When something was said, as short as it stands in a list: the time of today, else the day. */
export function shortTimestamp({ date, dayKey, time }: DateWords, iso: string, now = new Date()): string {
  return dayKey(iso) === dayKey(now.toISOString()) ? time(iso) : date(iso, now);
}
