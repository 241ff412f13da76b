import type { ReadMark } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { withMarks } from './reads';

const mark: fc.Arbitrary<ReadMark> = fc.record({
  userId: fc.constantFrom('a', 'b', 'me'),
  readSeq: fc.nat(5),
  deliveredSeq: fc.nat(5),
});

test('marks that come in any order, twice or late, say the same, and nobody is told of themselves', () => {
  fc.assert(
    fc.property(fc.array(mark), fc.array(mark), (marks, again) => {
      const inOrder = withMarks(new Map(), marks, 'me');
      const shuffled = [...marks].reverse().concat(marks.slice(0, again.length));
      expect(withMarks(new Map(), shuffled, 'me')).toEqual(inOrder);
      expect(inOrder.has('me')).toBe(false);
      const later = withMarks(inOrder, again, 'me');
      for (const [userId, { readSeq, deliveredSeq }] of inOrder) {
        expect(later.get(userId)!.readSeq).toBeGreaterThanOrEqual(readSeq);
        expect(later.get(userId)!.deliveredSeq).toBeGreaterThanOrEqual(deliveredSeq);
      }
    }),
  );
});
