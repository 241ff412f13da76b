import { shortTimestamp } from './short-timestamp';

const words = {
  date: (iso: string) => `day ${iso.slice(8, 10)}`,
  dayKey: (iso: string) => iso.slice(0, 10),
  time: (iso: string) => iso.slice(11, 16),
};

describe('shortTimestamp', () => {
  it('is the time of today, and the day of everything else', () => {
    const now = new Date('2026-05-02T12:00:00.000Z');
    expect(shortTimestamp(words, '2026-05-02T08:30:00.000Z', now)).toBe('08:30');
    expect(shortTimestamp(words, '2026-05-01T08:30:00.000Z', now)).toBe('day 01');
  });
});
