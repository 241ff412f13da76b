/** Range of a text, in UTF-16 units; `end` is exclusive. */
interface Selection {
  start: number;
  end: number;
}

/** Markup that a shortcut puts around the selection, by key. */
export const markOfKey: Record<string, string> = { b: '**', i: '*', e: '`', x: '~~' };

/**
 * Returns the text that replaces `from`–`to`, and the selection afterwards: adds the markup, or removes it if it is
 * there.
 */
export function markSelection(
  text: string,
  { start, end }: Selection,
  mark: string,
): { from: number; to: number; typed: string; selection: Selection } {
  const { length } = mark;
  const selected = text.slice(start, end);
  const isMarked = text.slice(start - length, start) === mark && text.slice(end, end + length) === mark;
  // A star beside another star belongs to `**`, which means something else.
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
