/** Where the line "new" stands, and whether the reader's eyes were on the newest message a moment ago. */
export interface NewMarker {
  /** What is above this seq is new; without it there is no line. */
  afterSeq?: number;
  isReading: boolean;
}

interface Reading {
  /** Someone looks at the page and the newest message is on the screen. */
  isReading: boolean;
  /** The highest seq that is stored. */
  headSeq: number;
  /** The highest seq that was read on this device; 0 on a first visit. */
  readSeq: number;
}

/** The line for what was there already when the page opened. Who comes for the first time has nothing to catch up with. */
export function firstMarker({ isReading, headSeq, readSeq }: Reading): NewMarker {
  return { isReading, ...(readSeq > 0 && readSeq < headSeq && { afterSeq: readSeq }) };
}

/** The line stays while one reads, and moves to where one stopped as soon as one looks away. */
export function nextMarker(marker: NewMarker, { isReading, headSeq }: Reading): NewMarker {
  if (marker.isReading === isReading) return marker;
  return isReading ? { ...marker, isReading } : { isReading, afterSeq: headSeq };
}

/** Who answers has read. */
export function clearedMarker(marker: NewMarker): NewMarker {
  return { isReading: marker.isReading };
}
