import * as fc from 'fast-check';
import { MessageIds } from './message-ids';

describe('message ids', () => {
  it('I3: after a reload they ascend above what still waits, also when the clock is estimated lower', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3_000, max: 3_000 }), { minLength: 1 }), (clock) => {
        const now = 1_700_000_000_000;
        const waiting = new MessageIds().next(now);
        const ids = new MessageIds();
        ids.goAbove(waiting);
        const made = clock.map((offset) => ids.next(now + offset));
        expect([waiting, ...made]).toEqual([waiting, ...made].sort());
      }),
    );
  });

  it('I3: ascend within one client, whatever its clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1_700_000_000_000, max: 1_700_000_000_010, noNaN: true }), { minLength: 2 }),
        (clock) => {
          const ids = new MessageIds();
          const made = clock.map((now) => ids.next(now));
          expect(made).toEqual([...made].sort());
          expect(new Set(made).size).toBe(made.length);
        },
      ),
    );
  });
});
