import { untilWords } from './until';

describe('untilWords', () => {
  const dates = { time: () => '1:49 AM', date: () => 'November 22' };
  const now = Date.parse('2026-11-21T17:49:00.000Z');

  it('returns the time alone if the day is clear', () => {
    expect(untilWords('2026-11-22T01:49:00.000Z', now, dates)).toBe('1:49 AM');
    expect(untilWords('2026-11-22T17:49:00.000Z', now, dates)).toBe('November 22 1:49 AM');
  });
});
