import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from './domain-error';

/**
 * Consumes points of `key`. Throws rate_limited, with the wait, once they are used up; rethrows failures of the limiter.
 * `report` receives the remaining points and the wait in both cases, before anything is thrown.
 */
export async function rateLimited(
  limiter: RateLimiterAbstract,
  key: string,
  points = 1,
  report?: (standing: RateLimiterRes) => void,
): Promise<void> {
  try {
    const standing = await limiter.consume(key, points);
    report?.(standing);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    report?.(refusal);
    throw new DomainError('rate_limited', { retryAfterMs: refusal.msBeforeNext });
  }
}
