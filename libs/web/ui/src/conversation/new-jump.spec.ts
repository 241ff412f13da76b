import { isNewMissing, placeOutside } from './new-jump';
import type { Line, RowContext } from './rows';

const line = (seq: number) => ({ message: { seq } }) as Line;
const lines = [line(51), line(52), line(60), line(0)];
const context = (newAfterSeq?: number, hasBefore = true) => ({ newAfterSeq, hasBefore }) as RowContext;

describe('the first new message that is not drawn', () => {
  it('is above the drawn lines, unless all of them are read', () => {
    expect(placeOutside(lines, 3, context(40))).toBe('above');
    expect(placeOutside(lines, 2, context(52))).toBe('below');
    expect(placeOutside(lines, 4, context(70))).toBe('above');
  });

  it('is nowhere without a read mark or without lines', () => {
    expect(placeOutside(lines, 3, context())).toBe('none');
    expect(placeOutside([], 0, context(3))).toBe('none');
  });
});

describe('isNewMissing', () => {
  it('is true until the read mark or the beginning is reached', () => {
    expect(isNewMissing(lines, context(40))).toBe(true);
    expect(isNewMissing(lines, context(50))).toBe(false);
    expect(isNewMissing(lines, context(40, false))).toBe(false);
    expect(isNewMissing(lines, context())).toBe(false);
  });
});
