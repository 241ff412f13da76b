import type { Message } from '@cloudhop/contracts';
import {
  buildRows,
  mergePresenceNotices,
  type Line,
  type MessageRow,
  type PresenceNotice,
  type RowContext,
} from './rows';

const start = Date.parse('2026-05-01T12:00:00.000Z');
const context: RowContext = {
  presenceNotices: [],
  personOf: (id) => ({ id, name: id, initial: id }),
  timeOf: (iso) => iso.slice(11, 16),
  fullTimeOf: (iso) => iso,
  dayKeyOf: (iso) => iso.slice(0, 10),
  dayLabelOf: (iso) => iso.slice(0, 10),
};

function line(seq: number, authorId: string, minutes: number, more: Partial<Line> = {}): Line {
  const message: Message = {
    conversationId: 'c',
    id: `m${seq}`,
    seq,
    rev: seq,
    authorId,
    body: `text ${seq}`,
    createdAt: new Date(start + minutes * 60_000).toISOString(),
    reactions: [],
    attachments: [],
  };
  return { key: `m${seq}`, message, isMine: authorId === 'me', mine: [], ...more };
}
const all = (lines: Line[]) => ({ start: 0, end: lines.length });
const shape = (lines: Line[], more: Partial<RowContext> = {}) =>
  buildRows(lines, all(lines), { ...context, ...more }).map((row) =>
    row.kind === 'message' ? `${row.key}${row.isFirst ? '<' : ''}${row.isLast ? '>' : ''}` : row.kind,
  );

describe('buildRows', () => {
  it('groups one author’s messages within five minutes', () => {
    expect(shape([line(1, 'a', 0), line(2, 'a', 4), line(3, 'a', 10), line(4, 'b', 10)])).toEqual([
      'day',
      'm1<',
      'm2>',
      'm3<>',
      'm4<>',
    ]);
  });

  it('draws a line where the day changes, and begins a new group below it', () => {
    expect(shape([line(1, 'a', 719), line(2, 'a', 721)])).toEqual(['day', 'm1<>', 'day', 'm2<>']);
  });

  it('puts notices where they happened and lets them end a group', () => {
    const coming: PresenceNotice = { id: 'n', kind: 'joined', userIds: ['x'], count: 1, afterSeq: 1 };
    expect(shape([line(1, 'a', 0), line(2, 'a', 1)], { presenceNotices: [coming] })).toEqual([
      'day',
      'm1<>',
      'coming',
      'm2<>',
    ]);
    expect(shape([line(1, 'a', 0)], { presenceNotices: [coming] })).toEqual(['day', 'm1<>', 'coming']);
  });

  it('knows nothing of what happened after lines that others follow', () => {
    const coming: PresenceNotice = { id: 'n', kind: 'joined', userIds: ['x'], count: 1, afterSeq: 9 };
    const lines = [line(1, 'me', 0), line(2, 'a', 1)];
    expect(shape(lines, { presenceNotices: [coming], hasAfter: true })).toEqual(['day', 'm1<>', 'm2<>']);
    const rows = buildRows(lines, all(lines), { ...context, hasAfter: true });
    expect(rows.some((row) => row.kind === 'message' && row.isLatestOwn)).toBe(false);
  });

  it('draws a line anew when it leaves at another time', () => {
    const waiting = (waitsUntil: number) => [line(0, 'me', 0, { key: 'p', status: 'waiting', waitsUntil })];
    const before = buildRows(waiting(1_000), { start: 0, end: 1 }, context);
    expect(
      buildRows(
        waiting(1_000).map((row, i) => ({ ...row, message: (before[i + 1] as MessageRow).line.message })),
        { start: 0, end: 1 },
        context,
        before,
      )[1],
    ).toBe(before[1]);
    expect(
      buildRows(
        waiting(2_000).map((row, i) => ({ ...row, message: (before[i + 1] as MessageRow).line.message })),
        { start: 0, end: 1 },
        context,
        before,
      )[1],
    ).not.toBe(before[1]);
  });

  it('draws "new" once, above the first message of others that is new', () => {
    expect(shape([line(1, 'a', 0), line(2, 'me', 1), line(3, 'a', 2), line(4, 'a', 3)], { newAfterSeq: 1 })).toEqual([
      'day',
      'm1<>',
      'm2<>',
      'new',
      'm3<',
      'm4>',
    ]);
  });

  describe('messages of people whom the reader does not want to see', () => {
    const lines = [line(1, 'a', 0), line(2, 'x', 1), line(3, 'y', 2), line(4, 'a', 3), line(5, 'x', 4)];
    const isFolded = (author: string) => author === 'x' || author === 'y';

    it('fold to one line for all in a row', () => {
      expect(shape(lines, { isFolded })).toEqual(['day', 'm1<>', 'fold', 'm4<>', 'fold']);
      const folds = buildRows(lines, all(lines), { ...context, isFolded }).filter((row) => row.kind === 'fold');
      expect(folds.map(({ keys }) => keys)).toEqual([['m2', 'm3'], ['m5']]);
    });

    it('stand below that line once it is opened, also those that come after', () => {
      const unfolded = new Set(['m2']);
      expect(shape(lines, { isFolded, unfolded })).toEqual(['day', 'm1<>', 'fold', 'm2<>', 'm3<>', 'm4<>', 'fold']);
      expect(shape([line(1, 'x', 0), line(2, 'x', 1)], { isFolded, unfolded: new Set(['m1']) })).toEqual([
        'day',
        'fold',
        'm1<',
        'm2>',
      ]);
    });

    it('are nothing new', () => {
      expect(shape(lines.slice(0, 3), { isFolded, newAfterSeq: 1 })).toEqual(['day', 'm1<>', 'fold']);
      expect(shape(lines, { isFolded, newAfterSeq: 1 })).toEqual(['day', 'm1<>', 'fold', 'new', 'm4<>', 'fold']);
    });

    it('never hide one’s own', () => {
      expect(shape([line(1, 'me', 0)], { isFolded: () => true })).toEqual(['day', 'm1<>']);
    });

    it('keep the line’s identity while nothing of it changes', () => {
      const before = buildRows(lines, all(lines), { ...context, isFolded });
      const after = buildRows(lines, all(lines), { ...context, isFolded }, before);
      expect(after.every((row, index) => row === before[index])).toBe(true);
    });
  });

  it('keeps the identity of rows that did not change', () => {
    const lines = [line(1, 'a', 0), line(2, 'a', 1)];
    const before = buildRows(lines, all(lines), context);
    const more = [...lines, line(3, 'b', 2)];
    const after = buildRows(more, all(more), context, before);
    expect(after.slice(0, 3)).toEqual(before);
    expect(after.slice(0, 3).every((row, index) => row === before[index])).toBe(true);
  });

  it('names the newest of one’s own that is stored', () => {
    const lines = [line(1, 'me', 0), line(2, 'me', 1), line(0, 'me', 2, { key: 'p', status: 'sending' })];
    const rows = buildRows(lines, all(lines), context);
    expect(rows.filter((row) => row.kind === 'message' && row.isLatestOwn).map(({ key }) => key)).toEqual(['m2']);
  });
});

describe('the line "new"', () => {
  const lines = [line(51, 'a', 0), line(52, 'a', 1)];

  it('is not drawn above what is loaded while older messages may be new as well', () => {
    expect(shape(lines, { newAfterSeq: 10, hasBefore: true })).toEqual(['day', 'm51<', 'm52>']);
    expect(shape(lines, { newAfterSeq: 10, hasBefore: false })).toEqual(['day', 'new', 'm51<', 'm52>']);
    expect(shape(lines, { newAfterSeq: 50, hasBefore: true })).toEqual(['day', 'new', 'm51<', 'm52>']);
    expect(shape(lines, { newAfterSeq: 51, hasBefore: true })).toEqual(['day', 'm51<>', 'new', 'm52<>']);
  });
});

describe('rows of messages', () => {
  const receiptOf = (readSeq: number) => (seq: number, isLatest: boolean) => ({
    state: seq <= readSeq ? ('read' as const) : ('sent' as const),
    words: isLatest ? 'latest' : 'earlier',
  });
  const lines = [
    line(1, 'me', 0),
    line(2, 'b', 1),
    line(3, 'me', 2),
    line(0, 'me', 3, { key: 'p', status: 'sending' }),
  ];
  const receiptsOf = (rows: readonly { kind: string }[]) =>
    (rows as MessageRow[]).flatMap(({ kind, receipt }) => (kind === 'message' ? [receipt] : []));

  it('have receipts under one’s own stored messages only', () => {
    const rows = buildRows(lines, all(lines), { ...context, receiptOf: receiptOf(1) });
    expect(receiptsOf(rows)).toEqual([
      { state: 'read', words: 'earlier' },
      undefined,
      { state: 'sent', words: 'latest' },
      undefined,
    ]);
  });

  it('change only where a receipt does', () => {
    const before = buildRows(lines, all(lines), { ...context, receiptOf: receiptOf(1) });
    const after = buildRows(lines, all(lines), { ...context, receiptOf: receiptOf(3) }, before);
    expect(after.map((row, index) => row === before[index])).toEqual([true, true, true, false, true]);
  });

  it('say who is named, but not by oneself', () => {
    const rows = buildRows(lines, all(lines), { ...context, isMention: () => true }) as MessageRow[];
    expect(rows.filter(({ isMention }) => isMention).map(({ key }) => key)).toEqual(['m2']);
  });
});

describe('mergePresenceNotices', () => {
  it('says once what happened at one place, and counts nobody twice', () => {
    const coming = (
      id: string,
      kind: 'joined' | 'left',
      userIds: string[],
      count = userIds.length,
    ): PresenceNotice => ({
      id,
      kind,
      userIds,
      count,
      afterSeq: 3,
    });
    expect(
      mergePresenceNotices([
        coming('1', 'joined', ['a', 'b'], 4),
        coming('2', 'joined', ['b', 'c']),
        coming('3', 'left', ['a']),
      ]),
    ).toEqual([
      { id: '1', kind: 'joined', userIds: ['a', 'b', 'c'], count: 5, afterSeq: 3 },
      { id: '3', kind: 'left', userIds: ['a'], count: 1, afterSeq: 3 },
    ]);
  });
});
