/**
 * Returns the number of users who are present, as a text for `{{count}}`. Marks a number that may be too low: "at least
 * 12".
 */
export function presenceCount(
  translate: (key: string, values: Record<string, string>) => string,
  formatted: string,
  isAtLeast: boolean | undefined,
): string {
  return isAtLeast ? translate('presence.atLeast', { count: formatted }) : formatted;
}
