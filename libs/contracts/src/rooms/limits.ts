/** Defaults of the limits of rooms. Code reads `limits`, which may be overridden. */
export const roomLimits = {
  /** Graphemes of the topic of a room. */
  topicGraphemes: 250,
  /** UTF-8 bytes of the topic of a room. */
  topicBytes: 2_048,
  /** Characters of a room's slug. */
  slugCharacters: 64,
  /** Maximum slow mode. */
  slowModeMs: 6 * 3_600_000,
  /** Minimum retention of a room that has one. */
  retentionMinMs: 3_600_000,
  /** Maximum retention of a room that has one: ten years. */
  retentionMaxMs: 3_653 * 24 * 3_600_000,
  /** Rooms or members in one page of a list. */
  roomPage: 50,
  /** Active invite links of one room. */
  roomInvites: 50,
};
