import { maxStoredTime } from '@cloudhop/contracts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The largest first: a span is said in the largest that divides it. */
const units = [
  ['year', 365 * day],
  ['month', 30 * day],
  ['week', 7 * day],
  ['day', day],
  ['hour', hour],
  ['minute', minute],
  ['second', second],
] as const;

/** A span of milliseconds as people say it in a locale: "8 hours". */
export function spanWords(ms: number, locale: string): string {
  const [unit, size] = units.find(([, size]) => ms >= size && ms % size === 0) ?? ['second', second];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(ms / size));
}

/** What slow mode can be, in milliseconds; 0 is off. */
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

/** How long messages can be kept, in milliseconds; undefined is for ever. */
export const retentions: readonly (number | undefined)[] = [undefined, day, 7 * day, 30 * day, 365 * day];

/** How long somebody can be muted, in milliseconds; undefined is until it is lifted. */
export const muteSpans: readonly (number | undefined)[] = [hour, 8 * hour, day, undefined];

/** How long an invite link can be used, in milliseconds; undefined is always. */
export const inviteSpans: readonly (number | undefined)[] = [hour, day, 7 * day, undefined];

/** How many can come in by an invite link; undefined is any number. */
export const inviteUses: readonly (number | undefined)[] = [1, 10, 100, undefined];

/** A mute until it is lifted has to end some time: at the latest that can be stored. */
export function mutedUntil(spanMs: number | undefined, now: number): string {
  return spanMs === undefined ? maxStoredTime : new Date(now + spanMs).toISOString();
}

/** Whether a time stands for "until it is lifted": nobody lives to see it. */
export function isForEver(iso: string, now: number): boolean {
  return Date.parse(iso) - now > 100 * 365 * day;
}

/** Whether a change of retention takes away messages that would have been kept. */
export function losesMessages(before: number | undefined, after: number | undefined): boolean {
  return after !== undefined && (before === undefined || after < before);
}
