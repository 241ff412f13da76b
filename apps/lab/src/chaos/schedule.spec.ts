import { Chance } from '../chance';
import { describeFault, faultNames, isOfRedis, linkFaultOf, planFaults, type FaultKind } from './schedule';

const all = { devices: 12, nodes: 3, hasDisks: true, hasRedis: true };
const kindsOf = (faults: readonly { kind: FaultKind }[]) => new Set(faults.map(({ kind }) => kind));

test('the same seed plans the same faults, another one others', () => {
  const plan = (seed: string) => planFaults(new Chance(seed), 60_000, all);
  expect(plan('7')).toEqual(plan('7'));
  expect(plan('7')).not.toEqual(plan('8'));
});

test('a run of a minute and a half meets every kind of fault, on every node, and none begins after its end', () => {
  for (let seed = 0; seed < 50; seed++) {
    const faults = planFaults(new Chance(String(seed)), 90_000, all);
    expect(kindsOf(faults)).toEqual(new Set(Object.keys(faultNames)));
    expect(new Set(faults.map(({ node }) => node))).toEqual(new Set([0, 1, 2]));
    expect(Math.max(...faults.map(({ atMs }) => atMs))).toBeLessThan(90_000);
  }
});

test('without small disks none is filled, without Redis it has no faults, and everything else goes wrong as before', () => {
  const without = (change: Partial<typeof all>) => {
    const kinds = kindsOf(planFaults(new Chance('7'), 120_000, { ...all, ...change }));
    return (Object.keys(faultNames) as FaultKind[]).filter((kind) => !kinds.has(kind));
  };
  expect(without({ hasDisks: false })).toEqual(['dataDisk', 'walDisk']);
  expect(without({ hasRedis: false })).toEqual((Object.keys(faultNames) as FaultKind[]).filter(isOfRedis));
});

test('Redis is never paused for longer than eight seconds', () => {
  const pauses = planFaults(new Chance('7'), 3_600_000, all).filter(({ kind }) => kind === 'redisPause');
  expect(Math.max(...pauses.map(({ durationMs }) => durationMs))).toBeLessThanOrEqual(8_000);
});

test('a fault of a link says which connections it is about, and the log names the node', () => {
  expect(linkFaultOf('redis:halfOpen')).toEqual({ dependency: 'redis', fault: 'halfOpen' });
  expect(linkFaultOf('halfOpen')).toBeUndefined();
  const fault = { kind: 'postgres:stall', atMs: 0, durationMs: 1_500, node: 2, devices: [], delayMs: 0 } as const;
  expect(describeFault(fault)).toBe('node 2: a server’s connections to Postgres stalled, for 1.5 s');
});
