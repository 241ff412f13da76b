import { countdown, countedMs, ticksUntil } from './countdown';

describe('countdown', () => {
  it('shows minutes and seconds, and hours where there are any', () => {
    expect(countdown(42_000)).toBe('0:42');
    expect(countdown(41_001)).toBe('0:42');
    expect(countdown(725_000)).toBe('12:05');
    expect(countdown(3_729_000)).toBe('1:02:09');
  });

  it('ends at nothing', () => {
    expect(countdown(0)).toBe('0:00');
    expect(countdown(-5_000)).toBe('0:00');
  });
});

describe('ticksUntil', () => {
  it('is the last of the times that anybody counts', () => {
    expect(ticksUntil([undefined, 5_000, 9_000, 500], 1_000)).toBe(9_000);
    expect(ticksUntil([2_000, 1_000 + countedMs + 1], 1_000)).toBe(2_000);
  });

  it('is none where nothing runs', () => {
    expect(ticksUntil([undefined, 500, 1_000], 1_000)).toBeUndefined();
    expect(ticksUntil([], 1_000)).toBeUndefined();
  });
});
