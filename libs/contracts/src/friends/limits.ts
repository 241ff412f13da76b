/** Defaults of the limits of friends and blocks. Code reads `limits`, which may be overridden. */
export const friendLimits = {
  /** Graphemes of the note that comes with a friend request … */
  noteGraphemes: 140,
  /** … and its UTF-8 bytes. */
  noteBytes: 2_048,
  /** Friend requests that one has sent and that wait for an answer. */
  openFriendRequests: 20,
  /** Friends of one person. */
  friends: 1_000,
  /** People one person has blocked or muted. */
  blocks: 1_000,
};
