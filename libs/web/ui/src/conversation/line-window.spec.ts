import type { Message } from '@cloudhop/contracts';
import { around, follow, growDown, growUp, hold, rangeOf, windowSizes, type LineWindow } from './line-window';
import type { Line } from './rows';

const line = (seq: number): Line => ({ key: `k${seq}`, isMine: false, mine: [], message: { seq } as Message });
const linesFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => line(first + index));

describe('the window over the lines', () => {
  const lines = linesFrom(1, 1_000);

  it('begins with the newest page', () => {
    expect(rangeOf(lines, {})).toEqual({ start: 1_000 - windowSizes.page, end: 1_000 });
    expect(rangeOf(linesFrom(1, 3), {})).toEqual({ start: 0, end: 3 });
    expect(rangeOf([], {})).toEqual({ start: 0, end: 0 });
  });

  it('never draws more than the maximum, however far one scrolls', () => {
    let window: LineWindow = {};
    for (let step = 0; step < 40; step++) {
      window = growUp(lines, window);
      const { start, end } = rangeOf(lines, window);
      expect(end - start).toBeLessThanOrEqual(windowSizes.max);
    }
    expect(rangeOf(lines, window).start).toBe(0);
    for (let step = 0; step < 40; step++) window = growDown(lines, window);
    expect(rangeOf(lines, window).end).toBe(1_000);
    expect(window.endSeq).toBeUndefined();
  });

  it('stays on the same messages when older ones are prepended', () => {
    const later = linesFrom(501, 1_000);
    const window = hold(later, { startSeq: 520, endSeq: 600 });
    const { start, end } = rangeOf(lines, window);
    expect(lines[start]!.message.seq).toBe(520);
    expect(lines[end - 1]!.message.seq).toBe(600);
  });

  it('shows older messages at once when it reaches up to where they are prepended', () => {
    const held = hold(linesFrom(101, 300), { startSeq: 0 });
    expect(rangeOf(linesFrom(51, 300), { ...held, startSeq: 0 })).toEqual({ start: 0, end: windowSizes.max });
  });

  it('does not draw lines that arrive below while it is held, and follows again on request', () => {
    const held = hold(lines, {});
    const more = linesFrom(1, 1_010);
    expect(rangeOf(more, held).end).toBe(1_000);
    expect(rangeOf(more, follow(more, held)).end).toBe(1_010);
  });

  it('survives the deletion of its edges', () => {
    const window = { startSeq: 520, endSeq: 600 };
    const fewer = lines.filter(({ message }) => message.seq !== 520 && message.seq !== 600);
    const { start, end } = rangeOf(fewer, window);
    expect(fewer[start]!.message.seq).toBe(521);
    expect(fewer[end - 1]!.message.seq).toBe(599);
  });

  it('counts lines without a seq as the newest', () => {
    expect(rangeOf([...linesFrom(1, 10), line(0), line(0)], {}).end).toBe(12);
  });

  it('stays in place while newer pages arrive below, and is never larger', () => {
    const loaded = (last: number) => linesFrom(400, last);
    let window = around(loaded(450), 425);
    expect(window.endSeq).toBeUndefined();
    for (let last = 500; last <= 1_000; last += 50) {
      const held = hold(loaded(last - 50), window);
      expect(rangeOf(loaded(last), held).end).toBe(rangeOf(loaded(last - 50), held).end);
      window = growDown(loaded(last), held);
      const { start, end } = rangeOf(loaded(last), window);
      expect(loaded(last)[end - 1]!.message.seq).toBe(last);
      expect(end - start).toBeLessThanOrEqual(windowSizes.max);
    }
    for (let step = 0; step < 20; step++) window = growUp(loaded(1_000), window);
    expect(rangeOf(loaded(1_000), window)).toEqual({ start: 0, end: windowSizes.max });
  });

  it('keeps the target of a jump when all lines are replaced', () => {
    const before = hold(linesFrom(900, 1_000), {});
    const there = linesFrom(300, 350);
    const { start, end } = rangeOf(there, around(there, 325));
    expect(rangeOf(there, before).end - rangeOf(there, before).start).toBeLessThanOrEqual(windowSizes.max);
    expect(there.slice(start, end).some(({ message }) => message.seq === 325)).toBe(true);
  });

  it('goes to any line, with some lines before it', () => {
    for (const seq of [1, 40, 500, 930, 1_000]) {
      const { start, end } = rangeOf(lines, around(lines, seq));
      expect(start).toBeLessThan(seq);
      expect(end).toBeGreaterThanOrEqual(Math.min(1_000, seq));
      expect(end - start).toBeLessThanOrEqual(windowSizes.max);
    }
    expect(rangeOf(lines, around(lines, 500)).start).toBe(499 - windowSizes.step / 2);
    expect(around(lines, 1_000).endSeq).toBeUndefined();
  });
});
