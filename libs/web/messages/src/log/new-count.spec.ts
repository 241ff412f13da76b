import type { TimelineEntry, TimelineView } from '@cloudhop/sdk';
import { countNew } from './new-count';

const entry = (seq: number, authorId = 'ben') =>
  ({ key: `k${seq}`, isMine: authorId === 'me', message: { seq, rev: seq, authorId } }) as TimelineEntry;
const view = (entries: TimelineEntry[], seq: number, floorSeq = 0) =>
  ({ entries, conversation: { seq, floorSeq } }) as unknown as TimelineView;
const everybody = () => true;

describe('countNew', () => {
  it('counts what others said after the mark and until one read', () => {
    const log = view([entry(1), entry(2), entry(3, 'me'), entry(4), entry(5)], 5);
    expect(countNew(log, { afterSeq: 1 }, everybody)).toBe(3);
    expect(countNew(log, { afterSeq: 1, untilSeq: 4 }, everybody)).toBe(2);
    expect(countNew(log, {}, everybody)).toBe(0);
  });

  it('leaves out whom one does not want to hear', () => {
    expect(countNew(view([entry(1), entry(2, 'eve')], 2), { afterSeq: 0 }, (id) => id !== 'eve')).toBe(1);
  });

  it('counts what is not loaded, but nothing that is gone', () => {
    expect(countNew(view([entry(51), entry(52)], 52), { afterSeq: 10 }, everybody)).toBe(42);
    expect(countNew(view([entry(51), entry(52)], 52, 40), { afterSeq: 10 }, everybody)).toBe(12);
  });
});
