/** Defaults of the limits of rooms. Code reads `limits`, which may be overridden. */
export const roomLimits = {
  /** Graphemes of a room's topic … */
  topicGraphemes: 250,
  /** … and its UTF-8 bytes. */
  topicBytes: 2_048,
  /** Characters of a room's slug. */
  slugCharacters: 64,
  /** The longest slow mode. */
  slowModeMs: 6 * 3_600_000,
  /** The shortest and … */
  retentionLeastMs: 3_600_000,
  /** … the longest retention of a room that has one: ten years. */
  retentionMostMs: 3_653 * 24 * 3_600_000,
  /** Rooms or members in one page of a list. */
  roomPage: 50,
  /** Invite links of one room that can still be used. */
  roomInvites: 50,
};
