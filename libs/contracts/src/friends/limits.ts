/** Defaults of the limits of friends and blocks. Code reads `limits`, which may be overridden. */
export const friendLimits = {
  /** Graphemes of the note of a friend request. */
  noteGraphemes: 140,
  /** UTF-8 bytes of the note of a friend request. */
  noteBytes: 2_048,
  /** Pending friend requests that one user has sent. */
  openFriendRequests: 20,
  /** Friends of one user. */
  friends: 1_000,
  /** Users that one user has blocked or muted. */
  blocks: 1_000,
};
