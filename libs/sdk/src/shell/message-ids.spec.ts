import * as fc from 'fast-check';
import { MessageIds } from './message-ids';

describe('message ids', () => {
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
