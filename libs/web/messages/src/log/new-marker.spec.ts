import { clearedMarker, firstMarker, nextMarker } from './new-marker';

const here = { isReading: true, isHere: true };
const scrolledUp = { isReading: false, isHere: true };
const away = { isReading: false, isHere: false };

describe('the line "new"', () => {
  it('stands above what came since the last visit', () => {
    expect(firstMarker({ ...here, headSeq: 20, readSeq: 12 }, true)).toEqual({
      isReading: true,
      afterSeq: 12,
      untilSeq: 20,
    });
  });

  it('is not there on a first visit of a public place, nor when all was read', () => {
    expect(firstMarker({ ...here, headSeq: 20, readSeq: 0 }, true)).toEqual({ isReading: true });
    expect(firstMarker({ ...here, headSeq: 20, readSeq: 20 }, true)).toEqual({ isReading: true });
  });

  it('stands above everything that somebody wrote to one alone and that was never read', () => {
    expect(firstMarker({ ...here, headSeq: 3, readSeq: 0 }, false)).toMatchObject({ afterSeq: 0, untilSeq: 3 });
  });

  it('waits for what is still on its way when the page opens', () => {
    const opening = firstMarker({ ...scrolledUp, headSeq: 12, readSeq: 12 }, true);
    expect(nextMarker(opening, { ...here, headSeq: 20, readSeq: 12 })).toMatchObject({ afterSeq: 12, untilSeq: 20 });
    expect(nextMarker(opening, { ...here, headSeq: 12, readSeq: 12 })).toEqual({ isReading: true });
  });

  it('stays while one reads and while one is away', () => {
    const marker = { isReading: true, afterSeq: 12 };
    expect(nextMarker(marker, { ...here, headSeq: 25, readSeq: 25 })).toBe(marker);
    const left = { isReading: false, afterSeq: 12 };
    expect(nextMarker(left, { ...away, headSeq: 25, readSeq: 12 })).toBe(left);
  });

  it('moves to where one stopped when one looks away, and stands there on return', () => {
    const left = nextMarker({ isReading: true, afterSeq: 12 }, { ...away, headSeq: 30, readSeq: 30 });
    expect(left).toEqual({ isReading: false, afterSeq: 30 });
    expect(nextMarker(left, { ...here, headSeq: 33, readSeq: 30 })).toEqual({
      isReading: true,
      afterSeq: 30,
      untilSeq: 33,
    });
  });

  it('stays where it is when one scrolls up to it, and what came while one read is not counted', () => {
    const marker = { isReading: true, afterSeq: 12, untilSeq: 20 };
    const up = nextMarker(marker, { ...scrolledUp, headSeq: 22, readSeq: 22 });
    expect(up).toEqual({ ...marker, isReading: false });
    expect(nextMarker(up, { ...here, headSeq: 24, readSeq: 22 })).toEqual(marker);
  });

  it('stands below what was read when one scrolls up in what is known', () => {
    expect(nextMarker({ isReading: true }, { ...scrolledUp, headSeq: 30, readSeq: 30 })).toEqual({
      isReading: false,
      afterSeq: 30,
    });
  });

  it('is not there for what comes as one reads on', () => {
    expect(nextMarker({ isReading: false, afterSeq: 30 }, { ...here, headSeq: 30, readSeq: 30 })).toEqual({
      isReading: true,
    });
  });

  it('goes when one answers', () => {
    expect(clearedMarker({ isReading: true, afterSeq: 12, untilSeq: 20 })).toEqual({ isReading: true });
  });
});
