import * as fc from 'fast-check';
import { StoredTime } from './scalars';
import { maxStoredTime, minStoredTime } from './stored-times';

const parsed = (text: string) => StoredTime.safeParse(text).data;

test.each([
  ['2026-11-30T12:00:00Z', '2026-11-30T12:00:00.000Z'],
  ['2026-11-30T12:00:00.1239999Z', '2026-11-30T12:00:00.123Z'],
  ['9999-12-31T23:59:59.9999999Z', maxStoredTime],
  ['2200-01-01T00:00:00Z', maxStoredTime],
  ['2000-01-01T00:00:00Z', minStoredTime],
  ['1999-12-31T23:59:59.9999999Z', undefined],
  ['0000-01-01T00:00:00Z', undefined],
  ['infinity', undefined],
  ['+010000-01-01T00:00:00Z', undefined],
])('%s is stored as %s', (text, stored) => expect(parsed(text)).toBe(stored));

test('whatever is accepted is within the bounds, not after what was given, and is stored as itself', () => {
  const time = fc
    .tuple(
      fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.nat(9_999_999),
    )
    .map(([date, fraction]) => `${date.toISOString().slice(0, 19)}.${fraction}Z`);
  fc.assert(
    fc.property(time, (text) => {
      const stored = parsed(text);
      if (stored === undefined) return expect(Date.parse(text)).toBeLessThan(Date.parse(minStoredTime));
      expect(stored >= minStoredTime && stored <= maxStoredTime).toBe(true);
      expect(Date.parse(stored)).toBeLessThanOrEqual(Date.parse(text));
      expect(parsed(stored)).toBe(stored);
    }),
  );
});
