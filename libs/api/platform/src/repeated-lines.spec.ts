import { limits } from './limits';
import { RepeatedLines, type Repetition } from './repeated-lines';

test('of one trouble the first lines are written, and the others told as a count', () => {
  jest.useFakeTimers();
  const told: Repetition[] = [];
  const lines = new RepeatedLines((repetition) => told.push(repetition));
  const admitted = Array.from({ length: 1_000 }, () => lines.admit('commit_failed 53100')).filter(Boolean);
  expect(admitted).toHaveLength(limits.logRepeats);
  expect(lines.admit('commit_failed 40001')).toBe(true);
  expect(told).toEqual([]);
  jest.advanceTimersByTime(limits.logRepeatsMs);
  expect(told).toEqual([{ kind: 'commit_failed 53100', count: 1_000 - limits.logRepeats }]);
  expect(lines.admit('commit_failed 53100')).toBe(true);
  jest.useRealTimers();
});

test('I12: kinds are bounded too', () => {
  const told: Repetition[] = [];
  const lines = new RepeatedLines((repetition) => told.push(repetition));
  for (let kind = 0; kind < 2_000; kind++) expect(lines.admit(String(kind), 0)).toBe(true);
  expect(told).toEqual([]);
});
