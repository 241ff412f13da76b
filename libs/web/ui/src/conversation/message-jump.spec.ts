import fc from 'fast-check';
import { goalOf } from './message-jump';
import type { Line } from './rows';

const line = (seq: number, rev = seq) => ({ key: `k${seq}`, message: { seq, rev } }) as Line;
const lines = [line(51), line(52), line(60), line(61, 0)];
const middle = { hasBefore: true, hasAfter: true };

describe('goalOf', () => {
  it('is the message if it is loaded', () => {
    expect(goalOf(lines, 52, middle)).toEqual({ key: 'k52', seq: 52, isGone: false });
  });

  it('waits while the message may be beyond the loaded lines', () => {
    expect(goalOf(lines, 50, middle)).toBeUndefined();
    expect(goalOf(lines, 61, middle)).toBeUndefined();
    expect(goalOf([], 61, middle)).toBeUndefined();
  });

  it('is the line at the place of a deleted message', () => {
    expect(goalOf(lines, 55, middle)).toEqual({ key: 'k60', seq: 60, isGone: true });
    expect(goalOf(lines, 3, { hasBefore: false, hasAfter: true })).toMatchObject({ key: 'k51', isGone: true });
    expect(goalOf(lines, 99, { hasBefore: true, hasAfter: false })).toMatchObject({ key: 'k60', isGone: true });
  });

  it('is never another message, nor a line that is not stored', () => {
    const seqs = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        seqs,
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        fc.boolean(),
        (all, seq, hasBefore, hasAfter) => {
          const log = [...all.toSorted((a, b) => a - b).map((at) => line(at)), line(99, 0)];
          const goal = goalOf(log, seq, { hasBefore, hasAfter });
          if (all.includes(seq)) expect(goal).toEqual({ key: `k${seq}`, seq, isGone: false });
          else expect(goal?.isGone ?? true).toBe(true);
          expect(goal?.key).not.toBe('k99');
        },
      ),
    );
  });
});
