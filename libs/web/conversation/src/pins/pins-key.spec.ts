import type { TimelineEntry } from '@cloudhop/sdk';
import { pinsKey } from './pins-key';

const entry = (id: string, pinnedAt?: string, rev = 1) =>
  ({ key: id, message: { id, rev, ...(pinnedAt && { pinnedAt }) } }) as TimelineEntry;

describe('pinsKey', () => {
  it('is another when something is pinned, unpinned, or changed while it is pinned', () => {
    const one = pinsKey([entry('a', 't1'), entry('b')]);
    expect(pinsKey([entry('a', 't1'), entry('b', 't2')])).not.toBe(one);
    expect(pinsKey([entry('a'), entry('b')])).not.toBe(one);
    expect(pinsKey([entry('a', 't1', 2), entry('b')])).not.toBe(one);
  });

  it('is the same whatever happens to the others', () => {
    expect(pinsKey([entry('a', 't1'), entry('b', undefined, 9), entry('c')])).toBe(
      pinsKey([entry('a', 't1'), entry('b')]),
    );
  });
});
