import type { TimelineEntry } from '@cloudhop/sdk';
import { pinsCacheKey } from './pins-cache-key';

const entry = (id: string, pinnedAt?: string, rev = 1) =>
  ({ key: id, message: { id, rev, ...(pinnedAt && { pinnedAt }) } }) as TimelineEntry;

describe('pinsCacheKey', () => {
  it('is another when something is pinned, unpinned, or changed while it is pinned', () => {
    const one = pinsCacheKey([entry('a', 't1'), entry('b')]);
    expect(pinsCacheKey([entry('a', 't1'), entry('b', 't2')])).not.toBe(one);
    expect(pinsCacheKey([entry('a'), entry('b')])).not.toBe(one);
    expect(pinsCacheKey([entry('a', 't1', 2), entry('b')])).not.toBe(one);
  });

  it('is the same whatever happens to the others', () => {
    expect(pinsCacheKey([entry('a', 't1'), entry('b', undefined, 9), entry('c')])).toBe(
      pinsCacheKey([entry('a', 't1'), entry('b')]),
    );
  });
});
