/** Part of an excerpt. */
export interface ExcerptPart {
  text: string;
  isMarked: boolean;
}

/** Splits an excerpt at its marks, in UTF-16 units. Ignores overlapping, empty and out-of-range marks. */
export function splitExcerpt(text: string, marks: readonly { from: number; to: number }[]): ExcerptPart[] {
  const pieces: ExcerptPart[] = [];
  let at = 0;
  for (const { from, to } of marks.toSorted((a, b) => a.from - b.from)) {
    const begin = Math.max(at, Math.min(from, text.length));
    const end = Math.min(to, text.length);
    if (end <= begin) continue;
    if (begin > at) pieces.push({ text: text.slice(at, begin), isMarked: false });
    pieces.push({ text: text.slice(begin, end), isMarked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isMarked: false });
  return pieces;
}
