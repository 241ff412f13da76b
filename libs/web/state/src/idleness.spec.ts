import { watchIdleness } from './idleness';

const minute = 60_000;

describe('watchIdleness', () => {
  let now: number;
  let waiting: { at: number; act: () => void }[];
  let told: [number, boolean][];

  const after = (ms: number, act: () => void) => {
    const entry = { at: now + ms, act };
    waiting.push(entry);
    return () => void (waiting = waiting.filter((other) => other !== entry));
  };
  const pass = (ms: number) => {
    const until = now + ms;
    for (;;) {
      const next = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      waiting = waiting.filter((entry) => entry !== next);
      now = Math.max(now, next.at);
      next.act();
    }
    now = until;
  };
  const watch = () =>
    watchIdleness({
      afterMs: 10 * minute,
      timer: { now: () => now, after },
      tell: (isIdle) => told.push([now / minute, isIdle]),
    });

  beforeEach(() => {
    now = 0;
    waiting = [];
    told = [];
  });

  it('reports idleness once after the time without activity', () => {
    watch();
    pass(60 * minute);
    expect(told).toEqual([[10, true]]);
  });

  it('counts from the last activity, with one timer', () => {
    const idleness = watch();
    for (let at = 0; at < 9; at++) {
      pass(minute);
      idleness.active();
      expect(waiting).toHaveLength(1);
    }
    pass(10 * minute - 1);
    expect(told).toEqual([]);
    pass(1);
    expect(told).toEqual([[19, true]]);
  });

  it('reports activity at once, and the next idleness', () => {
    const idleness = watch();
    pass(15 * minute);
    idleness.active();
    idleness.active();
    pass(20 * minute);
    expect(told).toEqual([
      [10, true],
      [15, false],
      [25, true],
    ]);
  });

  it('does not wait for longer because the clock was set back', () => {
    const idleness = watch();
    pass(5 * minute);
    now = -60 * minute;
    waiting = waiting.map((entry) => ({ ...entry, at: entry.at - 65 * minute }));
    idleness.active();
    pass(20 * minute);
    expect(told).toEqual([[-50, true]]);
  });

  it('reports nothing after it was stopped', () => {
    const idleness = watch();
    idleness.stop();
    pass(60 * minute);
    expect(told).toEqual([]);
  });
});
