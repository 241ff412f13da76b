import * as fc from 'fast-check';
import { ConcurrencyLimiter } from './concurrency-limiter';

const Step = fc.record({ isAcquire: fc.boolean(), key: fc.constantFrom('a', 'b'), at: fc.nat() });

test('I12: each key has bounded permits and a bounded queue, in the order of arrival', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(Step, { maxLength: 80 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(4),
      async (steps, maxRunning, maxWaiting) => {
        const limiter = new ConcurrencyLimiter({ maxRunning: () => maxRunning, maxWaiting: () => maxWaiting });
        const line = {
          a: { asked: 0, ended: 0, began: [] as number[] },
          b: { asked: 0, ended: 0, began: [] as number[] },
        };
        const settle = () => new Promise((resume) => setImmediate(resume));
        for (const { isAcquire, key } of steps) {
          const own = line[key];
          if (isAcquire) {
            const open = own.asked - own.ended;
            const mine = own.asked;
            const acquired = limiter.acquire(key).then(() => own.began.push(mine));
            if (open < maxRunning + maxWaiting) {
              own.asked++;
              void acquired;
            } else
              await expect(acquired).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
          } else if (own.began.length > own.ended) {
            own.ended++;
            limiter.release(key);
          }
          await settle();
          expect(own.began).toEqual(Array.from({ length: Math.min(own.asked, own.ended + maxRunning) }, (_, n) => n));
        }
        for (const key of ['a', 'b'] as const)
          for (const own = line[key]; own.ended < own.asked; own.ended++) {
            limiter.release(key);
            await settle();
          }
        // Nothing is remembered of a key without permits.
        expect(limiter.size).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});
