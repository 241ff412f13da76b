/** Formats a local date as the value of a date input: 2026-01-31. */
export function dateInputValue(date: Date): string {
  const part = (number: number, length: number) => String(number).padStart(length, '0');
  return `${part(date.getFullYear(), 4)}-${part(date.getMonth() + 1, 2)}-${part(date.getDate(), 2)}`;
}

/** Returns the local midnight at which a day begins, across changes of daylight saving time. */
export function startOfDay(day: string): Date {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date);
}

export function subtractDays(date: Date, count: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - count);
}
