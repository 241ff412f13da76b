/** Position of the "new" marker, and whether the newest message was being read at the last update. */
export interface NewMarker {
  /** Messages above this seq are new; without it there is no marker. */
  afterSeq?: number;
  /** Last new seq: later messages were read on arrival. Absent while nobody reads. */
  untilSeq?: number;
  isReading: boolean;
}

interface Reading {
  /** The page has attention and shows the newest message of the conversation. */
  isReading: boolean;
  /** The page has attention. */
  isHere: boolean;
  /** Highest stored seq. */
  headSeq: number;
  /** Highest seq read on this device; 0 on a first visit. */
  readSeq: number;
}

/**
 * Returns the marker for messages that existed when the page opened. First-time visitors of a public place get none.
 */
export function firstMarker({ isReading, headSeq, readSeq }: Reading, isPublic: boolean): NewMarker {
  if (isPublic && readSeq === 0) return { isReading };
  const marker = { isReading: false, afterSeq: readSeq };
  return isReading ? beginReading(marker, headSeq) : marker;
}

/**
 * Keeps the marker while the user reads, and moves it to the last read message when attention is lost. Scrolling up or
 * losing the connection leaves it in place.
 */
export function nextMarker(marker: NewMarker, { isReading, isHere, headSeq }: Reading): NewMarker {
  if (marker.isReading === isReading) return marker;
  if (isReading) return beginReading(marker, headSeq);
  const hasLine = marker.afterSeq !== undefined && marker.afterSeq < headSeq;
  return isHere && hasLine ? { ...marker, isReading } : { isReading, afterSeq: headSeq };
}

/** Messages that arrive while reading are not new. */
function beginReading({ afterSeq, untilSeq = Infinity }: NewMarker, headSeq: number): NewMarker {
  if (afterSeq === undefined || afterSeq >= headSeq) return { isReading: true };
  return { isReading: true, afterSeq, untilSeq: Math.min(untilSeq, headSeq) };
}

/** Removes the marker: replying implies that everything was read. */
export function clearedMarker(marker: NewMarker): NewMarker {
  return { isReading: marker.isReading };
}
