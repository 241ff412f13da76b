import type { Language } from '@cloudhop/web/state';

type Dates = Pick<ReturnType<Language['dates']>, 'time' | 'date'>;

/** Within this time the time of day is enough, also across midnight. */
const withinMs = 20 * 3_600_000;

/** Returns a future time in its shortest form; `now` is in milliseconds. */
export function untilWords(iso: string, now: number, { time, date }: Dates): string {
  return Date.parse(iso) - now < withinMs ? time(iso) : `${date(iso)} ${time(iso)}`;
}
