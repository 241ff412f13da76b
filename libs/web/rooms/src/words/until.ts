import type { Language } from '@cloudhop/web/state';

type Dates = Pick<ReturnType<Language['dates']>, 'time' | 'date'>;

/** Until here the time of day says enough, also over midnight. */
const withinMs = 20 * 3_600_000;

/** A time that is still to come, as short as it can be said; `now` is in milliseconds. */
export function untilWords(iso: string, now: number, { time, date }: Dates): string {
  return Date.parse(iso) - now < withinMs ? time(iso) : `${date(iso)} ${time(iso)}`;
}
