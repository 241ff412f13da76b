import { Chance } from '../chance';
import { faultNames, planFaults } from './schedule';

test('the same seed plans the same faults, another one others', () => {
  const plan = (seed: string) => planFaults(new Chance(seed), 60_000, 12, true);
  expect(plan('7')).toEqual(plan('7'));
  expect(plan('7')).not.toEqual(plan('8'));
});

test('a run of three quarters of a minute meets every kind of fault, and none begins after its end', () => {
  for (let seed = 0; seed < 50; seed++) {
    const faults = planFaults(new Chance(String(seed)), 45_000, 12, true);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(Object.keys(faultNames)));
    expect(Math.max(...faults.map(({ atMs }) => atMs))).toBeLessThan(45_000);
  }
});

test('without small disks none is filled, and everything else goes wrong as before', () => {
  const kinds = new Set(planFaults(new Chance('7'), 60_000, 12, false).map(({ kind }) => kind));
  expect(Object.keys(faultNames).filter((kind) => !kinds.has(kind as never))).toEqual(['dataDisk', 'walDisk']);
});
