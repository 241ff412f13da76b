import { clearedMarker, firstMarker, nextMarker } from './new-marker';

describe('the line "new"', () => {
  it('stands above what came since the last visit', () => {
    expect(firstMarker({ isReading: true, headSeq: 20, readSeq: 12 })).toEqual({ isReading: true, afterSeq: 12 });
  });

  it('is not there on a first visit, nor when all was read', () => {
    expect(firstMarker({ isReading: true, headSeq: 20, readSeq: 0 })).toEqual({ isReading: true });
    expect(firstMarker({ isReading: true, headSeq: 20, readSeq: 20 })).toEqual({ isReading: true });
  });

  it('stays while one reads and while one is away', () => {
    const marker = { isReading: true, afterSeq: 12 };
    expect(nextMarker(marker, { isReading: true, headSeq: 25, readSeq: 25 })).toBe(marker);
    const away = { isReading: false, afterSeq: 12 };
    expect(nextMarker(away, { isReading: false, headSeq: 25, readSeq: 12 })).toBe(away);
  });

  it('moves to where one stopped when one looks away, and stands there on return', () => {
    const away = nextMarker({ isReading: true, afterSeq: 12 }, { isReading: false, headSeq: 30, readSeq: 30 });
    expect(away).toEqual({ isReading: false, afterSeq: 30 });
    expect(nextMarker(away, { isReading: true, headSeq: 33, readSeq: 30 })).toEqual({ isReading: true, afterSeq: 30 });
  });

  it('goes when one answers', () => {
    expect(clearedMarker({ isReading: true, afterSeq: 12 })).toEqual({ isReading: true });
  });
});
