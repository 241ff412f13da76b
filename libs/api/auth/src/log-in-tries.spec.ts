import { DomainError, LimitStore, limits, Metrics } from '@cloudhop/api/platform';
import * as fc from 'fast-check';
import { LogInTries, type Trier } from './log-in-tries';

const hourMs = 3_600_000;
/** Without Redis. */
const store = new LimitStore({ REDIS_URL: undefined }, { refreshKey: '' }, new Metrics());

interface Try {
  name: number;
  /** Absent on a device that the owner used, or in a session. */
  address: number | undefined;
  way: 'stranger' | 'device' | 'session';
  isRight: boolean;
  afterMs: number;
}

/** Clock that advances with pauses. */
class Clock {
  ms = 0;
  readonly now = () => this.ms;
  readonly delays: number[] = [];
  readonly pause = (ms: number) => {
    this.delays.push(ms);
    return Promise.resolve();
  };
}

function trierOf({ name, address, way }: Try): Trier {
  if (way === 'session') return { sessionId: `session of ${name}` };
  const stranger = { name: `name ${name}`, address: `address ${address}` };
  return way === 'device' ? { ...stranger, deviceId: `device of ${name}` } : stranger;
}

/** Time that the try had to wait; undefined if it was verified. */
async function waitOf(tries: LogInTries, trier: Trier, isRight: boolean): Promise<number | undefined> {
  try {
    await tries.attempt(trier, () => Promise.resolve(isRight ? true : undefined));
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'rate_limited' });
    return (error as DomainError).toBody().retryAfterMs;
  }
}

async function waits(program: readonly Try[]): Promise<(number | undefined)[]> {
  const clock = new Clock();
  const tries = new LogInTries(store, clock);
  const outcomes: (number | undefined)[] = [];
  for (const each of program) {
    clock.ms += each.afterMs;
    outcomes.push(await waitOf(tries, trierOf(each), each.isRight));
  }
  return outcomes;
}

const tries = (ways: readonly Try['way'][] = ['stranger', 'device', 'session']) =>
  fc.record({
    name: fc.nat(3),
    address: fc.nat(2),
    way: fc.constantFrom(...ways),
    isRight: fc.boolean(),
    afterMs: fc.constantFrom(0, 10, 1_000, 60_000, hourMs),
  });

describe('R5: tries to log in', () => {
  it('a right one costs nobody else a wait, and is no try of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tries(), { maxLength: 60 }), async (program) => {
        const outcomes = await waits(program);
        // Removing any right try of others changes no later wait.
        for (const [i, { isRight, name }] of program.entries()) {
          if (!isRight || outcomes[i] !== undefined) continue;
          const without = program.map((each, j) =>
            j === i + 1 ? { ...each, afterMs: each.afterMs + program[i]!.afterMs } : each,
          );
          without.splice(i, 1);
          const others = (_: unknown, j: number) => program[j]!.name !== name;
          expect((await waits(without)).filter((_, j) => others(_, j < i ? j : j + 1))).toEqual(
            outcomes.filter((_, j) => j !== i && others(_, j)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, (n: number) => Trier]>([
    ['one address', () => ({ name: 'momo', address: 'home' })],
    ['ever other addresses', (n) => ({ name: 'momo', address: `address ${n}` })],
    ['a known device', () => ({ name: 'momo', address: 'home', deviceId: 'x' })],
    ['a session', () => ({ sessionId: 'x' })],
  ])('a right one from %s lifts what its own mistakes caused', async (_, trierAt) => {
    const clock = new Clock();
    const all = new LogInTries(store, clock);
    for (let n = 0; n < 200; n++) {
      for (let wrong = 1; wrong < limits.freeLogInTries; wrong++)
        expect(await waitOf(all, trierAt(n), false)).toBeUndefined();
      expect(await waitOf(all, trierAt(n), true)).toBeUndefined();
    }
    expect(clock.delays).toEqual([]);
  });

  it('no stranger makes a known device or a session wait', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tries(), { maxLength: 200 }), async (program) => {
        const outcomes = await waits(program);
        for (const way of ['device', 'session'] as const) {
          const alone = program.map((each) =>
            each.way === way ? each : { ...each, way: 'stranger' as const, name: 99, isRight: true },
          );
          const own = (_: unknown, i: number) => program[i]!.way === way;
          expect(outcomes.filter(own)).toEqual((await waits(alone)).filter(own));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('an address that tries many names is delayed by 2 s at most, and never refused', async () => {
    const clock = new Clock();
    const all = new LogInTries(store, clock);
    for (let n = 0; n < 1_000; n++)
      expect(await waitOf(all, { name: `name ${n}`, address: 'school' }, false)).toBeUndefined();
    expect(clock.delays[0]).toBe(limits.logInDelayStepMs);
    expect(clock.delays).toHaveLength(1_000 - limits.freeAddressLogInTries - 1);
    expect(Math.max(...clock.delays)).toBe(limits.logInDelayMs);
    const told = clock.delays.length;
    for (const trier of [
      { name: 'momo', address: 'school', deviceId: 'known' },
      { sessionId: 'own' },
      { name: 'momo', address: 'home' },
    ])
      expect(await waitOf(all, trier, true)).toBeUndefined();
    expect(clock.delays).toHaveLength(told);
  });

  it('says to the queue of hashes who is known, unknown and suspected', async () => {
    const all = new LogInTries(store, new Clock());
    const laneOf = async (trier: Trier) => {
      let told = '';
      await all.attempt(trier, (lane) => Promise.resolve((told = lane)));
      return told;
    };
    for (let n = 0; n <= limits.freeAddressLogInTries; n++)
      await waitOf(all, { name: `name ${n}`, address: 'school' }, false);
    expect(await laneOf({ name: 'momo', address: 'home' })).toBe('unknown');
    expect(await laneOf({ name: 'momo', address: 'school' })).toBe('suspected');
    expect(await laneOf({ name: 'momo', address: 'school', deviceId: 'x' })).toBe('known');
    expect(await laneOf({ sessionId: 'x' })).toBe('known');
  });

  it.each([
    ['one name from one address', (_: number) => ({ name: 'momo', address: 'home' }), 20],
    ['one known device', (_: number) => ({ name: 'momo', address: 'home', deviceId: 'x' }), 20],
    ['one session', (_: number) => ({ sessionId: 'x' }), 20],
    ['one name from ever other addresses', (n: number) => ({ name: 'momo', address: `address ${n}` }), 170],
  ])('%s is looked at so often in an hour only', async (_, trierAt, most) => {
    const clock = new Clock();
    const all = new LogInTries(store, clock);
    let looked = 0;
    for (let n = 0; clock.ms < hourMs; n++) {
      const waitMs = await waitOf(all, trierAt(n), false);
      if (waitMs === undefined) looked++;
      clock.ms += waitMs ?? 0;
    }
    expect(looked).toBeLessThanOrEqual(most);
    expect(looked).toBeGreaterThan(limits.freeLogInTries);
  });

  it('many at once are counted before they are looked at', async () => {
    const all = new LogInTries(store, new Clock());
    const gate = Promise.withResolvers<undefined>();
    let looked = 0;
    const answers = Array.from({ length: 50 }, () =>
      all.attempt({ name: 'momo', address: 'home' }, () => {
        looked++;
        return gate.promise;
      }),
    );
    gate.resolve(undefined);
    const settled = await Promise.allSettled(answers);
    expect(looked).toBe(limits.freeLogInTries);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(50 - limits.freeLogInTries);
  });

  it('one that could not be looked at is none', async () => {
    const all = new LogInTries(store, new Clock());
    const failing = () =>
      all.attempt({ name: 'momo', address: 'home' }, () => Promise.reject(new DomainError('overloaded')));
    for (let n = 0; n < 100; n++) await expect(failing()).rejects.toMatchObject({ code: 'overloaded' });
    expect(await waitOf(all, { name: 'momo', address: 'home' }, false)).toBeUndefined();
  });
});
