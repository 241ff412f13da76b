/** Defaults of the limits of all texts. Code reads `limits`, which may be overridden. */
export const textLimits = {
  /** Combining marks in a row; living scripts need at most five, Zalgo text needs many. */
  combiningMarks: 8,
  /** Graphemes of a group's title … */
  titleGraphemes: 64,
  /** … and its UTF-8 bytes. */
  titleBytes: 1_024,
};
