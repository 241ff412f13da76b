import { moveInGrid } from './grid-move';

describe('moveInGrid', () => {
  it('moves by cells and by rows', () => {
    expect(moveInGrid('ArrowRight', 3, 20, 8)).toBe(4);
    expect(moveInGrid('ArrowLeft', 3, 20, 8)).toBe(2);
    expect(moveInGrid('ArrowDown', 3, 20, 8)).toBe(11);
    expect(moveInGrid('ArrowUp', 11, 20, 8)).toBe(3);
  });

  it('stays inside', () => {
    expect(moveInGrid('ArrowUp', 3, 20, 8)).toBe(3);
    expect(moveInGrid('ArrowDown', 18, 20, 8)).toBe(18);
    expect(moveInGrid('ArrowRight', 19, 20, 8)).toBe(19);
    expect(moveInGrid('Home', 9, 20, 8)).toBe(0);
    expect(moveInGrid('End', 9, 20, 8)).toBe(19);
  });

  it('leaves other keys alone', () => {
    expect(moveInGrid('a', 3, 20, 8)).toBeUndefined();
  });
});
