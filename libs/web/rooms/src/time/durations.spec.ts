import { isForEver, losesMessages, mutedUntil, retentions, slowModes, durationWords } from './durations';

describe('durationWords', () => {
  it('uses the largest unit that divides the duration', () => {
    expect(slowModes.slice(1).map((ms) => durationWords(ms, 'en'))).toEqual([
      '5 seconds',
      '10 seconds',
      '30 seconds',
      '1 minute',
      '5 minutes',
      '15 minutes',
      '1 hour',
      '6 hours',
    ]);
    expect(retentions.slice(1).map((ms) => durationWords(ms!, 'en'))).toEqual(['1 day', '1 week', '1 month', '1 year']);
    expect(durationWords(90 * 60_000, 'en')).toBe('90 minutes');
  });

  it('uses the page’s language', () => {
    expect(durationWords(8 * 3_600_000, 'zh-TW')).toBe('8 小時');
  });
});

describe('mutedUntil', () => {
  const now = Date.parse('2026-05-01T12:00:00.000Z');

  it('counts from now, or ends at the latest time that can be stored', () => {
    expect(mutedUntil(3_600_000, now)).toBe('2026-05-01T13:00:00.000Z');
    expect(isForEver(mutedUntil(undefined, now), now)).toBe(true);
    expect(isForEver(mutedUntil(24 * 3_600_000, now), now)).toBe(false);
  });
});

describe('losesMessages', () => {
  it('is true only for a shorter retention', () => {
    expect(losesMessages(undefined, 86_400_000)).toBe(true);
    expect(losesMessages(7 * 86_400_000, 86_400_000)).toBe(true);
    expect(losesMessages(86_400_000, 7 * 86_400_000)).toBe(false);
    expect(losesMessages(86_400_000, undefined)).toBe(false);
  });
});
