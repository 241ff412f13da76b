import { Chance } from '../chance';
import { faultNames, planFaults } from './schedule';

test('the same seed plans the same faults, another one others', () => {
  const plan = (seed: string) => planFaults(new Chance(seed), 60_000, 12);
  expect(plan('7')).toEqual(plan('7'));
  expect(plan('7')).not.toEqual(plan('8'));
});

test('a run of half a minute meets every kind of fault, and none begins after its end', () => {
  for (let seed = 0; seed < 50; seed++) {
    const faults = planFaults(new Chance(String(seed)), 35_000, 12);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(Object.keys(faultNames)));
    expect(Math.max(...faults.map(({ atMs }) => atMs))).toBeLessThan(35_000);
  }
});
