import type { Line } from './rows';

/** Rows that are drawn at first, that are added at an edge, and that are kept at most: the page stays bounded however long the log is. */
export const windowSizes = { page: 80, step: 60, max: 200 };

/** Which lines are drawn, remembered by seq so that prepended and removed lines don't move it. Without `endSeq` it follows the newest. */
export interface LineWindow {
  startSeq?: number;
  endSeq?: number;
}

export interface Range {
  start: number;
  end: number;
}

/** The first index whose line has a seq of at least `seq`. Lines without one yet (0) are the newest. */
function lowerBound(lines: readonly Line[], seq: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = lines[middle]!.message.seq || Infinity;
    if (found < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The indices of a window among the lines there are now. */
export function rangeOf(lines: readonly Line[], window: LineWindow): Range {
  const end = window.endSeq === undefined ? lines.length : lowerBound(lines, window.endSeq + 1);
  const start = window.startSeq === undefined ? end - windowSizes.page : lowerBound(lines, window.startSeq);
  const first = Math.max(0, Math.min(start, end - 1));
  // What is too much goes at the far side: above while it follows the newest, below while someone reads further up.
  if (window.endSeq === undefined) return { start: Math.max(first, end - windowSizes.max), end };
  return { start: first, end: Math.min(end, first + windowSizes.max) };
}

function windowAt(lines: readonly Line[], start: number, end: number): LineWindow {
  const last = lines[end - 1]?.message.seq;
  return {
    startSeq: start <= 0 ? 0 : lines[start]?.message.seq,
    endSeq: end >= lines.length || !last ? undefined : last,
  };
}

/** The window one step further up; what is too much is dropped below. */
export function growUp(lines: readonly Line[], window: LineWindow): LineWindow {
  const { start, end } = rangeOf(lines, window);
  const next = Math.max(0, start - windowSizes.step);
  return windowAt(lines, next, Math.min(end, next + windowSizes.max));
}

/** The window one step further down; what is too much is dropped above. */
export function growDown(lines: readonly Line[], window: LineWindow): LineWindow {
  const { start, end } = rangeOf(lines, window);
  const next = Math.min(lines.length, end + windowSizes.step);
  return windowAt(lines, Math.max(start, next - windowSizes.max), next);
}

/** Holds the window where it is: lines that arrive below are not drawn until the reader comes down. */
export function hold(lines: readonly Line[], window: LineWindow): LineWindow {
  const { start, end } = rangeOf(lines, window);
  return { ...windowAt(lines, start, end), endSeq: lines[end - 1]?.message.seq || undefined };
}

/** The window with its upper edge where it is and its lower one following the newest again. */
export function follow(lines: readonly Line[], window: LineWindow): LineWindow {
  return { startSeq: lines[rangeOf(lines, window).start]?.message.seq };
}

/** A window that holds the first line of at least `seq`, with some of what was said before it. */
export function around(lines: readonly Line[], seq: number): LineWindow {
  const start = Math.max(0, lowerBound(lines, seq) - windowSizes.step / 2);
  return windowAt(lines, start, Math.min(lines.length, start + windowSizes.max));
}
