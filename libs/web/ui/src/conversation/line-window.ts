import type { Line } from './rows';

/** Number of rows drawn at first, added at an edge, and kept at most. They bound the page for logs of any length. */
export const windowSizes = { page: 80, step: 60, max: 200 };

/**
 * Range of the drawn lines, by seq, so that prepended and removed lines don't move it. Without `endSeq` it follows the
 * newest line.
 */
export interface LineWindow {
  startSeq?: number;
  endSeq?: number;
}

export interface Range {
  start: number;
  end: number;
}

/** Returns the first index whose line has a seq of at least `seq`. Lines without a seq yet (0) are the newest. */
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

/** Returns the indices of a window among the current lines. */
export function rangeOf(lines: readonly Line[], window: LineWindow): Range {
  const end = window.endSeq === undefined ? lines.length : lowerBound(lines, window.endSeq + 1);
  const start = window.startSeq === undefined ? end - windowSizes.page : lowerBound(lines, window.startSeq);
  const first = Math.max(0, Math.min(start, end - 1));
  // Cuts at the far side: above while the window follows the newest line, below while the reader is further up.
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

/** Returns the window one step further up; cuts below. */
export function growUp(lines: readonly Line[], window: LineWindow): LineWindow {
  const { start, end } = rangeOf(lines, window);
  const next = Math.max(0, start - windowSizes.step);
  return windowAt(lines, next, Math.min(end, next + windowSizes.max));
}

/** Returns the window one step further down; cuts above. */
export function growDown(lines: readonly Line[], window: LineWindow): LineWindow {
  const { start, end } = rangeOf(lines, window);
  const next = Math.min(lines.length, end + windowSizes.step);
  return windowAt(lines, Math.max(start, next - windowSizes.max), next);
}

/**
 * Returns the window with its lower edge fixed: lines that arrive below are not drawn until the reader scrolls down.
 */
export function hold(lines: readonly Line[], window: LineWindow): LineWindow {
  const { start, end } = rangeOf(lines, window);
  return { ...windowAt(lines, start, end), endSeq: lines[end - 1]?.message.seq || undefined };
}

/** Returns the window with the same upper edge and a lower edge that follows the newest line again. */
export function follow(lines: readonly Line[], window: LineWindow): LineWindow {
  return { startSeq: lines[rangeOf(lines, window).start]?.message.seq };
}

/** Returns a window with the first line of at least `seq`, and some lines before it. */
export function around(lines: readonly Line[], seq: number): LineWindow {
  const start = Math.max(0, lowerBound(lines, seq) - windowSizes.step / 2);
  return windowAt(lines, start, Math.min(lines.length, start + windowSizes.max));
}
