import type { Conversation, Member, ReadMark } from '@cloudhop/contracts';
import fc from 'fast-check';
import { reachOf, readBy, readersOf, receiptAt, receiptText, thresholdsOf } from './receipts';

const markOf = (userId: string, readSeq: number, deliveredSeq: number): [string, ReadMark] => [
  userId,
  { userId, readSeq, deliveredSeq },
];
const direct = { kind: 'direct', peerId: 'ben' } as Conversation;
const group = { kind: 'group' } as Conversation;
const ids = ['ben', 'cleo', 'dan', 'eve'];
const order = ['sent', 'delivered', 'read'];
const seqs = fc.nat(12);
const someMarks = fc
  .array(fc.tuple(fc.constantFrom(...ids), seqs, seqs), { maxLength: 6 })
  .map((all) => new Map(all.map((mark) => markOf(...mark))));
const someReaders = fc.subarray(ids);

describe('readersOf', () => {
  it('is the other one of a private conversation, and nobody where one keeps things', () => {
    expect(readersOf(direct, new Map(), 'ada')).toEqual(['ben']);
    expect(readersOf({ ...direct, peerId: 'ada' }, new Map(), 'ada')).toEqual([]);
  });

  it('is everybody else who is in a group, not who is only invited or gone', () => {
    const states = { ada: 'joined', ben: 'joined', cleo: 'invited', dan: 'left', eve: 'joined' } as const;
    const members = new Map(
      Object.entries(states).map(([userId, state]): [string, Member] => [userId, { userId, role: 'member', state }]),
    );
    expect(readersOf(group, members, 'ada')).toEqual(['ben', 'eve']);
  });
});

describe('receipts', () => {
  it('claim of all only what holds for each', () => {
    fc.assert(
      fc.property(someReaders, someMarks, seqs, (readers, marks, seq) => {
        const receipt = receiptAt(seq + 1, thresholdsOf(readers, marks));
        const reaches = readers.map((id) => reachOf(seq + 1, marks.get(id)));
        const areAll = (...wanted: string[]) => reaches.length > 0 && reaches.every((reach) => wanted.includes(reach));
        expect(receipt).toBe(areAll('read') ? 'read' : areAll('read', 'delivered') ? 'delivered' : 'sent');
      }),
    );
  });

  it('never say less of an earlier message than of a later one', () => {
    fc.assert(
      fc.property(someReaders, someMarks, seqs, seqs, (readers, marks, a, b) => {
        const thresholds = thresholdsOf(readers, marks);
        const [earlier, later] = [Math.min(a, b) + 1, Math.max(a, b) + 1];
        expect(order.indexOf(receiptAt(earlier, thresholds))).toBeGreaterThanOrEqual(
          order.indexOf(receiptAt(later, thresholds)),
        );
        expect(readBy(earlier, readers, marks)).toBeGreaterThanOrEqual(readBy(later, readers, marks));
      }),
    );
  });

  it('only ever come further as marks do', () => {
    fc.assert(
      fc.property(someReaders, someMarks, seqs, seqs, seqs, (readers, marks, seq, read, delivered) => {
        const [first = 'ben'] = readers;
        const before = marks.get(first);
        const later = new Map(marks).set(
          ...markOf(first, (before?.readSeq ?? 0) + read, (before?.deliveredSeq ?? 0) + delivered),
        );
        const at = (some: typeof marks) => order.indexOf(receiptAt(seq + 1, thresholdsOf(readers, some)));
        expect(at(later)).toBeGreaterThanOrEqual(at(marks));
      }),
    );
  });
});

describe('receiptText', () => {
  const marks = new Map([markOf('ben', 5, 7), markOf('cleo', 3, 7)]);

  it('name the state in a private conversation', () => {
    const words = (seq: number) => receiptText(seq, { conversation: direct, marks }, ['ben']).key;
    expect([words(5), words(6), words(8)]).toEqual(['read', 'delivered', 'sent']);
  });

  it('count in a group', () => {
    const words = (seq: number) => receiptText(seq, { conversation: group, marks }, ['ben', 'cleo']);
    expect(words(3)).toEqual({ key: 'readByAll', count: 2 });
    expect(words(4)).toEqual({ key: 'readBy', count: 1 });
    expect(words(6)).toEqual({ key: 'delivered', count: 0 });
    expect(words(8)).toEqual({ key: 'sent', count: 0 });
  });

  it('do not count on who lets nobody know', () => {
    expect(receiptText(3, { conversation: group, marks }, ['ben', 'cleo', 'dan'])).toEqual({
      key: 'readBy',
      count: 2,
    });
  });
});
