import * as fc from 'fast-check';
import { Turns } from './turns';

const Step = fc.record({ isTake: fc.boolean(), key: fc.constantFrom('a', 'b'), at: fc.nat() });

test('I12: of each key at most so many have a turn, at most so many wait, and they get it in their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(Step, { maxLength: 80 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(4),
      async (steps, atOnce, waiting) => {
        const turns = new Turns({ atOnce: () => atOnce, waiting: () => waiting });
        const line = {
          a: { asked: 0, ended: 0, began: [] as number[] },
          b: { asked: 0, ended: 0, began: [] as number[] },
        };
        const settle = () => new Promise((resume) => setImmediate(resume));
        for (const { isTake, key } of steps) {
          const own = line[key];
          if (isTake) {
            const open = own.asked - own.ended;
            const mine = own.asked;
            const taken = turns.take(key).then(() => own.began.push(mine));
            if (open < atOnce + waiting) {
              own.asked++;
              void taken;
            } else
              await expect(taken).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
          } else if (own.began.length > own.ended) {
            own.ended++;
            turns.end(key);
          }
          await settle();
          expect(own.began).toEqual(Array.from({ length: Math.min(own.asked, own.ended + atOnce) }, (_, n) => n));
        }
        for (const key of ['a', 'b'] as const)
          for (const own = line[key]; own.ended < own.asked; own.ended++) {
            turns.end(key);
            await settle();
          }
        // Nothing is remembered of whoever is done.
        expect(turns.size).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});
