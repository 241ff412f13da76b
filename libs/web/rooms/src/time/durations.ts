import { maxStoredTime } from '@cloudhop/contracts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The largest unit first: a duration is given in the largest unit that divides it. */
const units = [
  ['year', 365 * day],
  ['month', 30 * day],
  ['week', 7 * day],
  ['day', day],
  ['hour', hour],
  ['minute', minute],
  ['second', second],
] as const;

/** Returns a duration in milliseconds in words of a locale: "8 hours". */
export function durationWords(ms: number, locale: string): string {
  const [unit, size] = units.find(([, size]) => ms >= size && ms % size === 0) ?? ['second', second];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(ms / size));
}

/** Choices of slow mode, in milliseconds; 0 is off. */
export const slowModes: readonly number[] = [
  0,
  5 * second,
  10 * second,
  30 * second,
  minute,
  5 * minute,
  15 * minute,
  hour,
  6 * hour,
];

/** Choices of retention, in milliseconds; undefined is for ever. */
export const retentions: readonly (number | undefined)[] = [undefined, day, 7 * day, 30 * day, 365 * day];

/** Choices of mute durations, in milliseconds; undefined is until it is lifted. */
export const muteDurations: readonly (number | undefined)[] = [hour, 8 * hour, day, undefined];

/** Choices of invite link durations, in milliseconds; undefined is for ever. */
export const inviteDurations: readonly (number | undefined)[] = [hour, day, 7 * day, undefined];

/** Choices of maximum uses of an invite link; undefined is unlimited. */
export const inviteUses: readonly (number | undefined)[] = [1, 10, 100, undefined];

/** Returns the end of a mute. A mute until it is lifted ends at the latest time that can be stored. */
export function mutedUntil(spanMs: number | undefined, now: number): string {
  return spanMs === undefined ? maxStoredTime : new Date(now + spanMs).toISOString();
}

/** Returns whether a time stands for "until it is lifted": a hundred years ahead. */
export function isForEver(iso: string, now: number): boolean {
  return Date.parse(iso) - now > 100 * 365 * day;
}

/** Returns whether a change of retention deletes messages that would have been kept. */
export function losesMessages(before: number | undefined, after: number | undefined): boolean {
  return after !== undefined && (before === undefined || after < before);
}
