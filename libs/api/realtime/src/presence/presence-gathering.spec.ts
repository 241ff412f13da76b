import type { User } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { PresenceGathering } from './presence-gathering';

const user = (id: string): User => ({ id, kind: 'guest', displayName: id, profileRev: 1 });
const graceMs = 3_000;

test('who reads all news knows who is here, once every grace is over', () => {
  const step = fc.record({
    who: fc.constantFrom('a', 'b', 'c'),
    afterMs: fc.integer({ min: 0, max: 2_000 }),
    tells: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const gathering = new PresenceGathering();
      const here = new Set<string>();
      const known = new Set<string>();
      let now = 0;
      const tell = () => {
        const news = gathering.take(now);
        for (const { id } of news?.joined ?? []) {
          expect(known.has(id)).toBe(false);
          known.add(id);
        }
        for (const { id } of news?.left ?? []) expect(known.delete(id)).toBe(true);
      };
      for (const { who, afterMs, tells } of steps) {
        now += afterMs;
        if (here.delete(who)) gathering.leave(user(who), now, graceMs);
        else {
          here.add(who);
          gathering.join(user(who));
        }
        if (tells) tell();
      }
      now += graceMs;
      tell();
      expect(known).toEqual(here);
      expect(gathering.nextAt).toBeUndefined();
    }),
  );
});

test('a reload within the grace is neither a leave nor a join', () => {
  const gathering = new PresenceGathering();
  gathering.join(user('a'));
  expect(gathering.take(0)).toMatchObject({ joined: [{ id: 'a' }] });
  gathering.leave(user('a'), 1_000, graceMs);
  expect(gathering.take(2_000)).toBeUndefined();
  gathering.join(user('a'));
  expect(gathering.take(9_000)).toBeUndefined();
});
