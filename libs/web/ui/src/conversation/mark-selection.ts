/** A stretch of a text, in UTF-16 units; `end` is exclusive. */
interface Selection {
  start: number;
  end: number;
}

/** The marks that keys put around what is selected. */
export const markOfKey: Record<string, string> = { b: '**', i: '*', e: '`', x: '~~' };

/** What to type in place of `from`–`to`, and what is selected after it: with the marks around it, or without those it has. */
export function markSelection(
  text: string,
  { start, end }: Selection,
  mark: string,
): { from: number; to: number; typed: string; selection: Selection } {
  const { length } = mark;
  const selected = text.slice(start, end);
  const isMarked = text.slice(start - length, start) === mark && text.slice(end, end + length) === mark;
  // One star beside another is half of a mark that means something else.
  const isPartOfLonger = mark === '*' && (text[start - 2] === '*' || text[end + 1] === '*');
  if (isMarked && start >= length && !isPartOfLonger)
    return {
      from: start - length,
      to: end + length,
      typed: selected,
      selection: { start: start - length, end: end - length },
    };
  return {
    from: start,
    to: end,
    typed: `${mark}${selected}${mark}`,
    selection: { start: start + length, end: end + length },
  };
}
