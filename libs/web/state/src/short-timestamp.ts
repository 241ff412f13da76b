import type { Language } from './language';

type DateWords = Pick<ReturnType<Language['dates']>, 'date' | 'dayKey' | 'time'>;

/** Formats a time for a list: the time of day for today, else the date. */
export function shortTimestamp({ date, dayKey, time }: DateWords, iso: string, now = new Date()): string {
  return dayKey(iso) === dayKey(now.toISOString()) ? time(iso) : date(iso, now);
}
