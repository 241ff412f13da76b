import { limits as contractLimits } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { limits } from '../limits';
import { SocketPace } from './socket-pace';

test('whatever the timing, no second on the clock admits more than the limit, and who waits as told gets in', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { maxLength: 400 }), (gaps) => {
      const pace = new SocketPace();
      const admittedAt: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap / 10;
        const waitMs = pace.admit(now);
        if (waitMs === 0) admittedAt.push(now);
        else expect(waitMs).toBeLessThanOrEqual(1_000);
      }
      // Two windows may touch, so any second holds at most two windows' worth.
      for (const start of admittedAt)
        expect(admittedAt.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(
          2 * contractLimits.requestsPerSecond,
        );
      const waitMs = pace.admit(now);
      if (waitMs > 0) expect(pace.admit(now + waitMs)).toBe(0);
    }),
  );
});

test('a burst gets exactly the limit', () => {
  const pace = new SocketPace();
  const admitted = Array.from({ length: 1_000 }, () => pace.admit(5)).filter((waitMs) => waitMs === 0);
  expect(admitted).toHaveLength(contractLimits.requestsPerSecond);
});

test('refusals end the socket only when they come close together', () => {
  const slow = new SocketPace();
  const gap = limits.refusedWindowMs / (limits.refusedEvents - 1);
  for (let n = 0; n < 3 * limits.refusedEvents; n++) expect(slow.refuse(n * gap)).toBe(false);
  const fast = new SocketPace();
  const verdicts = Array.from({ length: limits.refusedEvents + 1 }, () => fast.refuse(1));
  expect(verdicts.indexOf(true)).toBe(limits.refusedEvents);
});
