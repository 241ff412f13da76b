import { dateWords, localeFor } from './dates';

describe('localeFor', () => {
  it('keeps the person’s own variant of the page’s language', () => {
    expect(localeFor('en', ['de-DE', 'en-GB'])).toBe('en-GB');
    expect(localeFor('en', ['zh-TW'])).toBe('en');
    expect(localeFor('zh-Hant', ['en-US'])).toBe('zh-TW');
    expect(localeFor('zh-Hans', [])).toBe('zh-CN');
  });
});

describe('dateWords', () => {
  const now = new Date('2026-05-14T12:00:00Z');
  const label = (locale: string, iso: string) => dateWords(locale, 'UTC').dayLabel(iso, now);

  it('uses the 24-hour clock in Chinese and follows the variant in English', () => {
    expect(dateWords('zh-TW', 'UTC').time('2026-05-14T21:36:00Z')).toBe('21:36');
    expect(dateWords('zh-CN', 'UTC').time('2026-05-14T00:05:00Z')).toBe('00:05');
    expect(dateWords('en-GB', 'UTC').time('2026-05-14T21:36:00Z')).toBe('21:36');
    expect(dateWords('en-US', 'UTC').time('2026-05-14T21:36:00Z')).toMatch(/^9:36\sPM$/u);
  });

  it('says today and yesterday', () => {
    expect(label('zh-TW', '2026-05-14T01:00:00Z')).toBe('今天');
    expect(label('zh-CN', '2026-05-13T23:00:00Z')).toBe('昨天');
    expect(label('en-US', '2026-05-14T01:00:00Z')).toBe('Today');
    expect(label('en-US', '2026-05-13T01:00:00Z')).toBe('Yesterday');
  });

  it('names the weekday within a week, then the date, then the year too', () => {
    expect(label('en-US', '2026-05-10T01:00:00Z')).toBe('Sunday');
    expect(label('zh-TW', '2026-05-10T01:00:00Z')).toBe('星期日');
    expect(label('en-US', '2026-05-01T01:00:00Z')).toBe('Fri, May 1');
    expect(label('en-US', '2025-05-01T01:00:00Z')).toBe('May 1, 2025');
  });

  it('formats a date without its weekday, with the year only if it is another one', () => {
    const date = (locale: string, iso: string) => dateWords(locale, 'UTC').date(iso, now);
    expect(date('en-GB', '2026-03-03T01:00:00Z')).toBe('3 March');
    expect(date('en-GB', '2025-03-03T01:00:00Z')).toBe('3 March 2025');
    expect(date('zh-TW', '2026-03-03T01:00:00Z')).toBe('3月3日');
  });

  it('uses the day of the device’s time zone', () => {
    const taipei = dateWords('zh-TW', 'Asia/Taipei');
    expect(taipei.dayKey('2026-05-14T15:59:00Z')).toBe('2026-05-14');
    expect(taipei.dayKey('2026-05-14T16:00:00Z')).toBe('2026-05-15');
  });
});
