import { Metrics } from '../metrics';
import { describeRateLimits } from '../testing/rate-limiter-contract';
import { LimitStore } from './limit-store';
import { RateLimits } from './rate-limits';

const withoutRedis = () => new LimitStore({ REDIS_URL: undefined }, { refreshKey: '' }, new Metrics());

describeRateLimits('in the memory of one process', () => Promise.resolve(new RateLimits(withoutRedis())));

test('without REDIS_URL there is one node, and nothing counts as an outage', async () => {
  const metrics = new Metrics();
  const store = new LimitStore({ REDIS_URL: undefined }, { refreshKey: '' }, metrics);
  store.start({ fingerprint: 'f', countNodes: () => 3 });
  const limiter = new RateLimits(store).perMinute('tests', 3);
  for (let n = 0; n < 3; n++) await limiter.consume('momo');
  expect((await metrics.limitsLocal.get()).values).toEqual([]);
});
