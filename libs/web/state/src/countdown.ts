const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Formats a remaining time as a clock: 0:42, 12:05, 1:02:09. Fractions of a second are rounded up. */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  const two = (count: number) => String(count).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Returns the last of the times for which a clock must tick; undefined if none is within `maxCountdownMs`. */
export function lastTickAt(times: readonly (number | undefined)[], now: number): number | undefined {
  const counted = times.filter((at) => at !== undefined && at > now && at - now <= maxCountdownMs);
  return counted.length === 0 ? undefined : Math.max(...(counted as number[]));
}

/** Times further away than this are shown as a date. */
export const maxCountdownMs = 6 * hourMs;
