import * as fc from 'fast-check';
import { MinuteCounter } from './minute-counter';

describe('MinuteCounter', () => {
  it('counts the events of this second and the 59 before it, whatever happened when', () => {
    const waits = fc.array(fc.oneof(fc.nat(900), fc.nat(30_000), fc.nat(200_000)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.nat(100_000), waits, (start, steps) => {
        let now = start;
        const counter = new MinuteCounter(() => now);
        const times: number[] = [];
        for (const ms of steps) {
          now += ms;
          counter.add();
          times.push(Math.floor(now / 1_000));
          const second = Math.floor(now / 1_000);
          expect(counter.count).toBe(times.filter((time) => second - time < 60).length);
        }
        now += 60_000;
        expect(counter.count).toBe(0);
      }),
    );
  });
});
