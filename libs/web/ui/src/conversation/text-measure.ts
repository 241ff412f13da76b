interface TextLimits {
  messageGraphemes: number;
  messageBytes: number;
}

export interface TextMeasure {
  isTooLong: boolean;
  /** Characters left, once few are; negative beyond the limit. */
  remaining?: number;
}

/** Number of remaining characters below which the composer shows the count. */
const countBelow = 200;
const encoder = new TextEncoder();

/** Measures the room left in a message. Short texts, nearly all of them, are not counted. */
export function measureText(text: string, limits: TextLimits, countGraphemes: (text: string) => number): TextMeasure {
  // A grapheme is at least one UTF-16 unit and a unit at most three bytes: below both bounds there is room.
  if (text.length < limits.messageGraphemes - countBelow && text.length * 3 <= limits.messageBytes)
    return { isTooLong: false };
  const isTooLarge = encoder.encode(text.trim()).length > limits.messageBytes;
  // Far beyond every limit the exact number helps nobody and costs time.
  const count = text.length > limits.messageBytes * 2 ? text.length : countGraphemes(text.trim());
  const remaining = limits.messageGraphemes - count;
  return { isTooLong: isTooLarge || remaining < 0, ...(remaining < countBelow && { remaining }) };
}
