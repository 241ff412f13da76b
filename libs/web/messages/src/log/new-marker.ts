/** Where the line "new" stands, and whether the reader's eyes were on the newest message a moment ago. */
export interface NewMarker {
  /** What is above this seq is new; without it there is no line. */
  afterSeq?: number;
  /** What is new ends here: what came later was read as it came. Absent while nobody reads. */
  untilSeq?: number;
  isReading: boolean;
}

interface Reading {
  /** Someone looks at the page, the newest message is on the screen, and it is the newest there is. */
  isReading: boolean;
  /** Someone looks at the page. */
  isHere: boolean;
  /** The highest seq that is stored. */
  headSeq: number;
  /** The highest seq that was read on this device; 0 on a first visit. */
  readSeq: number;
}

/** The line for what was there already when the page opened. Who comes into a public place for the first time has nothing to catch up with. */
export function firstMarker({ isReading, headSeq, readSeq }: Reading, isPublic: boolean): NewMarker {
  if (isPublic && readSeq === 0) return { isReading };
  const marker = { isReading: false, afterSeq: readSeq };
  return isReading ? beginReading(marker, headSeq) : marker;
}

/**
 * The line stays while one reads, and moves to where one stopped as soon as one looks away. Whoever only scrolls up, or
 * loses the connection, finds it where it was.
 */
export function nextMarker(marker: NewMarker, { isReading, isHere, headSeq }: Reading): NewMarker {
  if (marker.isReading === isReading) return marker;
  if (isReading) return beginReading(marker, headSeq);
  const hasLine = marker.afterSeq !== undefined && marker.afterSeq < headSeq;
  return isHere && hasLine ? { ...marker, isReading } : { isReading, afterSeq: headSeq };
}

/** What comes while one reads is not new. */
function beginReading({ afterSeq, untilSeq = Infinity }: NewMarker, headSeq: number): NewMarker {
  if (afterSeq === undefined || afterSeq >= headSeq) return { isReading: true };
  return { isReading: true, afterSeq, untilSeq: Math.min(untilSeq, headSeq) };
}

/** Who answers has read. */
export function clearedMarker(marker: NewMarker): NewMarker {
  return { isReading: marker.isReading };
}
