/** Formats of times in one language. All methods take ISO 8601 and use the device's time zone. */
export interface DateWords {
  time: (iso: string) => string;
  fullTime: (iso: string) => string;
  /** Returns the same key for two times on one day. */
  dayKey: (iso: string) => string;
  /** Returns "today", "yesterday", a weekday within the last six days, else the date. */
  dayLabel: (iso: string, now?: Date) => string;
  /** Returns day and month, with the year if it is another one. */
  date: (iso: string, now?: Date) => string;
}

const dayMs = 24 * 3_600_000;
const rememberedTexts = 2_000;

/** Caches a format: a busy log formats the same few hundred times at every change, and Intl is slow. */
function remembering(say: (iso: string) => string): (iso: string) => string {
  const known = new Map<string, string>();
  return (iso) => {
    const said = known.get(iso);
    if (said !== undefined) return said;
    if (known.size >= rememberedTexts) known.clear();
    const text = say(iso);
    known.set(iso, text);
    return text;
  };
}

/**
 * Returns the locale for times: the user's own if it is of the page's language, so that an American gets 9:36 PM and a
 * Briton 21:36.
 */
export function localeFor(language: string, preferred: readonly string[]): string {
  if (language.startsWith('zh')) return language === 'zh-Hant' ? 'zh-TW' : 'zh-CN';
  return preferred.find((locale) => locale.split('-')[0] === language) ?? language;
}

export function dateWords(locale: string, timeZone?: string): DateWords {
  // Chinese pages use the 24-hour clock: 21:36, not 下午9:36.
  const hours = locale.startsWith('zh')
    ? ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const)
    : ({ hour: 'numeric', minute: '2-digit' } as const);
  const time = new Intl.DateTimeFormat(locale, { ...hours, timeZone });
  const full = new Intl.DateTimeFormat(locale, {
    ...hours,
    timeZone,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: 'short',
  });
  const weekday = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long' });
  const date = new Intl.DateTimeFormat(locale, { timeZone, month: 'long', day: 'numeric', weekday: 'short' });
  const dateOfYear = new Intl.DateTimeFormat(locale, { timeZone, year: 'numeric', month: 'long', day: 'numeric' });
  const shortDate = new Intl.DateTimeFormat(locale, { timeZone, month: 'long', day: 'numeric' });
  const key = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const dayKey = remembering((iso) => key.format(new Date(iso)));

  return {
    time: remembering((iso) => time.format(new Date(iso))),
    fullTime: remembering((iso) => full.format(new Date(iso))),
    dayKey,
    date(iso, now = new Date()) {
      const isThisYear = dayKey(iso).slice(0, 4) === key.format(now).slice(0, 4);
      return (isThisYear ? shortDate : dateOfYear).format(new Date(iso));
    },
    dayLabel(iso, now = new Date()) {
      const day = dayKey(iso);
      const today = key.format(now);
      const ago = Math.round((Date.parse(today) - Date.parse(day)) / dayMs);
      const sentence = ago === 0 || ago === 1 ? relative.format(-ago, 'day') : '';
      if (sentence !== '') return sentence.charAt(0).toLocaleUpperCase(locale) + sentence.slice(1);
      const moment = new Date(iso);
      if (ago > 1 && ago < 7) return weekday.format(moment);
      return day.slice(0, 4) === today.slice(0, 4) ? date.format(moment) : dateOfYear.format(moment);
    },
  };
}
