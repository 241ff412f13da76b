import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible';
import { rateLimited } from './rate-limited';

test('refuses once the points are used up, says how long to wait, and reports the standing of both', async () => {
  const limiter = new RateLimiterMemory({ points: 3, duration: 60 });
  const remaining: number[] = [];
  const report = (standing: { remainingPoints: number }) => void remaining.push(standing.remainingPoints);
  await rateLimited(limiter, 'momo', 2, report);
  await rateLimited(limiter, 'momo', 1, report);
  await expect(rateLimited(limiter, 'momo', 1, report)).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterMs: expect.any(Number),
  });
  expect(remaining).toEqual([1, 0, 0]);
  await rateLimited(limiter, 'another');
});

test('rethrows a failure of the limiter as it is', async () => {
  const failure = new Error('the store is away');
  const limiter = { consume: () => Promise.reject(failure) } as unknown as RateLimiterAbstract;
  await expect(rateLimited(limiter, 'momo')).rejects.toBe(failure);
});
