import { formatCountdown, lastTickAt, maxCountdownMs } from './countdown';

describe('formatCountdown', () => {
  it('shows minutes and seconds, and hours where there are any', () => {
    expect(formatCountdown(42_000)).toBe('0:42');
    expect(formatCountdown(41_001)).toBe('0:42');
    expect(formatCountdown(725_000)).toBe('12:05');
    expect(formatCountdown(3_729_000)).toBe('1:02:09');
  });

  it('ends at nothing', () => {
    expect(formatCountdown(0)).toBe('0:00');
    expect(formatCountdown(-5_000)).toBe('0:00');
  });
});

describe('lastTickAt', () => {
  it('is the last of the times that anybody counts', () => {
    expect(lastTickAt([undefined, 5_000, 9_000, 500], 1_000)).toBe(9_000);
    expect(lastTickAt([2_000, 1_000 + maxCountdownMs + 1], 1_000)).toBe(2_000);
  });

  it('is none where nothing runs', () => {
    expect(lastTickAt([undefined, 500, 1_000], 1_000)).toBeUndefined();
    expect(lastTickAt([], 1_000)).toBeUndefined();
  });
});
