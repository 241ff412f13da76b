/** Defaults of the limits of all texts. Code reads `limits`, which may be overridden. */
export const textLimits = {
  /** Combining marks in a row; living scripts need at most five, Zalgo text needs many. */
  combiningMarks: 8,
  /** Graphemes of the title of a group or a room. */
  titleGraphemes: 64,
  /** UTF-8 bytes of the title of a group or a room. */
  titleBytes: 1_024,
};
