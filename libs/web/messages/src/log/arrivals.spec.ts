import type { TimelineEntry } from '@cloudhop/sdk';
import { arrivalsAfter } from './arrivals';

const entry = (seq: number, isMine = false, rev = seq) =>
  ({ key: `k${seq}`, isMine, mine: [], message: { seq, rev } }) as unknown as TimelineEntry;

describe('arrivalsAfter', () => {
  it('says nothing of what was there on the first look', () => {
    expect(arrivalsAfter([entry(1), entry(2)], undefined)).toEqual({ arrived: [], lastSeq: 2 });
  });

  it('finds what others said since', () => {
    const { arrived, lastSeq } = arrivalsAfter([entry(1), entry(2), entry(3, true), entry(4)], 1);
    expect(arrived.map(({ key }) => key)).toEqual(['k2', 'k4']);
    expect(lastSeq).toBe(4);
  });

  it('does not repeat history that is loaded above', () => {
    expect(arrivalsAfter([entry(-5), entry(1), entry(2)], 2)).toEqual({ arrived: [], lastSeq: 2 });
  });

  it('looks past one’s own lines that are not stored yet', () => {
    expect(arrivalsAfter([entry(1), entry(2), entry(0, true, 0)], 1).arrived.map(({ key }) => key)).toEqual(['k2']);
  });
});
