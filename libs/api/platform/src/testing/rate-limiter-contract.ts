import type { RateLimits, RateStanding } from '../rate-limits/rate-limits';

/** Contract of rate limits, wherever they are counted. `make` returns limits without points that were consumed. */
export function describeRateLimits(where: string, make: () => Promise<RateLimits>): void {
  describe(`rate limits ${where}`, () => {
    it('refuse once the points are used up, say how long to wait, and report the standing of both', async () => {
      const limiter = (await make()).perMinute('tests', 3);
      const reports: RateStanding[] = [];
      const report = (standing: RateStanding) => void reports.push(standing);
      await limiter.consume('momo', 2, report);
      await limiter.consume('momo', 1, report);
      for (let n = 0; n < 3; n++)
        await expect(limiter.consume('momo', 1, report)).rejects.toMatchObject({ code: 'rate_limited' });
      expect(reports.map(({ limit, remainingPoints }) => [limit, remainingPoints])).toEqual([
        [3, 1],
        [3, 0],
        [3, 0],
        [3, 0],
        [3, 0],
      ]);
      for (const { msBeforeNext } of reports) {
        expect(msBeforeNext).toBeGreaterThan(50_000);
        expect(msBeforeNext).toBeLessThanOrEqual(60_000);
      }
      await expect(limiter.consume('momo')).rejects.toMatchObject({
        retryAfterMs: expect.any(Number),
      });
    });

    it('count each key, and each name, by itself', async () => {
      const rateLimits = await make();
      const [one, two] = [rateLimits.perMinute('one', 1), rateLimits.perMinute('two', 1)];
      await one.consume('momo');
      await one.consume('another');
      await two.consume('momo');
      await expect(one.consume('momo')).rejects.toMatchObject({ code: 'rate_limited' });
    });

    it('admit nothing if the limit is 0', async () => {
      const limiter = (await make()).perMinute('none', 0);
      await expect(limiter.consume('momo')).rejects.toMatchObject({ code: 'rate_limited' });
    });
  });
}
