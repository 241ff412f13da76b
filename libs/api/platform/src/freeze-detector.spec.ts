import { FreezeDetector } from './freeze-detector';
import { limits } from './limits';

let now = 0;
let time = 0;
beforeEach(() => {
  [now, time] = [1_000, 1_000_000];
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  jest.spyOn(Date, 'now').mockImplementation(() => time);
});
afterEach(() => jest.restoreAllMocks());

test('time in which it is checked is no freeze', () => {
  const detector = new FreezeDetector();
  for (let step = 0; step < 10; step++) {
    now += limits.freezeMs;
    time += limits.freezeMs;
    detector.check();
  }
  expect(detector.freezes).toBe(0);
});

test.each([
  ['of a process that was stopped', limits.freezeMs + 1],
  ['of a machine that was suspended, whose monotonic clock stood still', 0],
])('the first look after a freeze %s finds it, once', (_name, ranMs) => {
  const detector = new FreezeDetector();
  const frozen: number[] = [];
  const remove = detector.onFreeze((ms) => frozen.push(ms));
  now += ranMs;
  time += limits.freezeMs + 1;
  expect([detector.freezes, detector.freezes, frozen]).toEqual([1, 1, [limits.freezeMs + 1]]);
  remove();
  time += limits.freezeMs + 1;
  expect([detector.freezes, frozen.length]).toEqual([2, 1]);
});

test('a clock that is set back is no freeze', () => {
  const detector = new FreezeDetector();
  time -= 3_600_000;
  expect(detector.freezes).toBe(0);
});
