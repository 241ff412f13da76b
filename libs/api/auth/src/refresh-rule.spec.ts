import * as fc from 'fast-check';
import { decideRefresh, type RefreshDecision, type RefreshState } from './refresh-rule';

const graceMs = 60_000;
const rememberedUses = 64;
const rule = { overlapMs: graceMs, uses: rememberedUses };

const fresh: RefreshState = { presented: 0, presentations: [] };

/** Server with one family of tokens. */
class Family {
  state = fresh;
  now = 1_000_000;
  isEnded = false;
  /** Time of each number's first presentation: the whole history, of which the state keeps only the end. */
  readonly firstUse = new Map<number, number>();

  present(n: number): RefreshDecision {
    if (this.isEnded) return { kind: 'reuse' };
    const decision = decideRefresh(this.state, n, this.now, rule);
    if (decision.kind === 'reuse') this.isEnded = true;
    if (decision.kind === 'advance') {
      this.state = decision.state;
      if (!this.firstUse.has(n)) this.firstUse.set(n, this.now);
    }
    return decision;
  }

  answer(n: number): number {
    const decision = this.present(n);
    if (decision.kind === 'reuse') throw new Error(`token ${n} was taken for a stolen one`);
    return decision.answer;
  }
}

const pause = fc.oneof(fc.integer({ min: 0, max: 2 * graceMs }), fc.constantFrom(0, 1, graceMs, graceMs + 1));

describe('decideRefresh', () => {
  it('follows the rule as it is written, whatever is presented when', () => {
    const step = fc.record({ pause, pick: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const family = new Family();
        const issued = [1];
        for (const { pause, pick } of steps) {
          family.now += pause;
          const n = issued[pick % issued.length]!;
          const successorUse = family.firstUse.get(n + 1);
          const highest = Math.max(0, ...family.firstUse.keys());
          const expected =
            successorUse === undefined
              ? n + 1
              : family.now - successorUse <= graceMs
                ? highest + 1
                : ('reuse' as const);
          const decision = family.present(n);
          expect(decision.kind === 'reuse' ? 'reuse' : decision.answer).toBe(expected);
          if (decision.kind === 'reuse') return;
          issued.push(decision.answer);
        }
      }),
    );
  });

  it('I9: never ends a family because answers were lost, however many and however long apart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pause: fc.nat(10 * graceMs), isLost: fc.boolean() }), { maxLength: 100 }),
        (steps) => {
          const family = new Family();
          let kept = 1;
          for (const { pause, isLost } of steps) {
            family.now += pause;
            const answer = family.answer(kept);
            if (!isLost) kept = answer;
          }
        },
      ),
    );
  });

  it('answers a repeated token with the same successor until that one is presented', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.array(pause, { minLength: 1, maxLength: 20 }),
        (rotations, pauses) => {
          const family = new Family();
          let current = 1;
          for (let i = 0; i < rotations; i++) current = family.answer(current);
          const answers = pauses.map((pause) => {
            family.now += pause;
            return family.answer(current);
          });
          expect(new Set(answers)).toEqual(new Set([current + 1]));
        },
      ),
    );
  });

  it('I9: lets tabs that share one cookie refresh at once, in any order, with answers late by up to the grace period', () => {
    const request = fc.record({
      startAt: fc.nat(40 * graceMs),
      travelMs: fc.nat(graceMs / 3),
      answerMs: fc.nat(graceMs / 3),
    });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 40 }), (requests) => {
        const family = new Family();
        const begin = family.now;
        let cookie = 1;
        // Each request carries the cookie of its start, reaches the server later, and its answer reaches the browser later still;
        // a browser never replaces the cookie by an older one when tabs hold a lock, which the higher number stands for.
        const events = requests.flatMap(({ startAt, travelMs, answerMs }) => {
          const job = { sent: 0, answer: 0 };
          return [
            { at: startAt, run: () => void (job.sent = cookie) },
            { at: startAt + travelMs, run: () => void (job.answer = family.answer(job.sent)) },
            { at: startAt + travelMs + answerMs, run: () => void (cookie = Math.max(cookie, job.answer)) },
          ];
        });
        for (const event of events.sort((a, b) => a.at - b.at)) {
          family.now = begin + event.at;
          event.run();
        }
      }),
    );
  });

  it('takes a copy for reuse once its successor was used longer ago than the grace period', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 30 }),
        fc.nat(),
        fc.integer({ min: 1, max: 100 * graceMs }),
        (rotations, pick, later) => {
          const family = new Family();
          let current = 1;
          for (let i = 0; i < rotations; i++) current = family.answer(current);
          const copy = 1 + (pick % (rotations - 1));
          family.now += graceMs + later;
          expect(family.present(copy)).toEqual({ kind: 'reuse' });
        },
      ),
    );
  });

  it('remembers a bounded number of uses, and loses nobody at the bound', () => {
    const family = new Family();
    let current = 1;
    for (let i = 0; i < 10 * rememberedUses; i++) {
      current = family.answer(current);
      family.now += 1;
    }
    expect(family.state.presentations).toHaveLength(rememberedUses);
    expect(current).toBe(rememberedUses + 1);
    expect(family.answer(1)).toBe(rememberedUses + 1);
    family.now += 2 * graceMs;
    expect(family.answer(current)).toBe(current + 1);
    expect(family.state.presentations).toEqual([family.now]);
  });

  it('accepts a genuine token that a restored database has not issued yet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2_000_000 }), (n) => {
        const decision = decideRefresh({ presented: 1, presentations: [500] }, n, 1_000, rule);
        expect(decision).toMatchObject({ kind: 'advance', answer: n + 1, state: { presented: n } });
        if (decision.kind === 'advance')
          expect(decision.state.presentations.length).toBeLessThanOrEqual(rememberedUses);
      }),
    );
  });

  it('is not confused by a clock that was set back', () => {
    const used = decideRefresh(decideRefreshed(fresh, 1, 10 * graceMs), 2, graceMs, rule);
    expect(used).toMatchObject({ kind: 'advance', answer: 3 });
    if (used.kind === 'advance')
      expect(decideRefresh(used.state, 1, graceMs, rule)).toEqual({ kind: 'repeat', answer: 3 });
  });
});

function decideRefreshed(state: RefreshState, n: number, now: number): RefreshState {
  const decision = decideRefresh(state, n, now, rule);
  if (decision.kind !== 'advance') throw new Error('expected an advance');
  return decision.state;
}
