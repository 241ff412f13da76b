import { placeNear } from './place-near';

const window = { width: 1_440, height: 900 };
const size = { width: 360, height: 420 };
const anchor = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 40 }) as DOMRect;

describe('placeNear', () => {
  it('stands above its anchor, flush with the nearer side', () => {
    expect(placeNear(anchor(160, 830), size, window)).toEqual({ left: 160, top: 402 });
    expect(placeNear(anchor(1_000, 830), size, window)).toEqual({ left: 680, top: 402 });
  });

  it('stands below if there is no room above', () => {
    expect(placeNear(anchor(160, 100), size, window).top).toBe(148);
  });

  it('never leaves the window', () => {
    const tight = { width: 380, height: 440 };
    expect(placeNear(anchor(300, 200), size, tight)).toEqual({ left: 8, top: 12 });
  });
});
