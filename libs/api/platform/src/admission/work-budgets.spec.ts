import * as fc from 'fast-check';
import { rowsOf } from './rows-of';
import { WorkBudgets } from './work-budgets';

const perMinute = 600;

test('I12: whatever the timing, nobody gets more than a minute’s worth at once and what is refilled, and one piece of debt', () => {
  const Piece = fc.record({ gapMs: fc.nat(2_000), units: fc.nat(300) });
  fc.assert(
    fc.property(fc.array(Piece, { maxLength: 200 }), (pieces) => {
      const budgets = new WorkBudgets(() => perMinute);
      let [now, got] = [0, 0];
      for (const { gapMs, units } of pieces) {
        now += gapMs;
        const waitMs = budgets.waitMs('who', now);
        if (waitMs > 0) continue;
        budgets.charge('who', units, now);
        got += units;
        expect(got).toBeLessThanOrEqual(perMinute + (now * perMinute) / 60_000 + 300);
      }
      // Who waits as told gets in.
      expect(budgets.waitMs('who', now + budgets.waitMs('who', now))).toBe(0);
      expect(budgets.waitMs('somebody else', now)).toBe(0);
    }),
  );
});

test('I12: what is remembered is bounded by who asked within the last minute', () => {
  const budgets = new WorkBudgets(() => perMinute);
  for (let n = 0; n < 50_000; n++) budgets.charge(`address-${n}`, 10, n * 10);
  // Ten units are refilled in a second, in which a hundred others come.
  expect(budgets.size).toBeLessThan(200);
});

test('rows are the objects in the lists of an answer', () => {
  expect(rowsOf(undefined)).toBe(0);
  expect(rowsOf({ rev: 1, texts: ['a', 'b'] })).toBe(0);
  expect(rowsOf({ items: [{ id: 1 }, { id: 2, reactions: [{}, {}] }], user: { blocks: [{}] } })).toBe(5);
});
