import { maxStoredTime, minStoredTime } from '@cloudhop/contracts';

/** A time as Postgres returns it: a Date in a column, text inside JSON. */
export type StoredInstant = Date | string;

const [minMs, maxMs] = [Date.parse(minStoredTime), Date.parse(maxStoredTime)];

/** Returns a time in the form of the wire. Throws a RangeError outside of the years 2000 to 2199. */
export function time(instant: StoredInstant): string {
  const ms = millisecondsOf(instant);
  if (!(ms >= minMs && ms <= maxMs)) throw new RangeError('the time is outside of the years 2000 to 2199');
  return new Date(ms).toISOString();
}

/**
 * Returns a time in the form of the wire, moved to the nearer end of the years 2000 to 2199 if it is outside of them. For
 * rows that must be rendered whatever was stored. Throws a RangeError only for text that is no time.
 */
export function boundedTime(instant: StoredInstant): string {
  return new Date(Math.min(Math.max(millisecondsOf(instant), minMs), maxMs)).toISOString();
}

/**
 * Returns milliseconds since 1970, infinite for text of Postgres that JavaScript can't parse because it is too far
 * away.
 */
function millisecondsOf(instant: StoredInstant): number {
  if (typeof instant !== 'string') return Number(instant);
  if (instant === 'infinity' || /^\d{5,}-/.test(instant)) return Infinity;
  if (instant === '-infinity' || instant.endsWith(' BC')) return -Infinity;
  return Date.parse(instant);
}
