/** Defaults of the limits of accounts and sessions. Code reads `limits`, which may be overridden. */
export const authLimits = {
  /** Graphemes of a display name. */
  displayNameGraphemes: 32,
  /** UTF-8 bytes of a display name: an emoji of a family is one grapheme and 25 bytes. */
  displayNameBytes: 512,
  /** Minimum graphemes of a username. */
  usernameMinLength: 3,
  /** Maximum graphemes of a username. */
  usernameGraphemes: 32,
  /** Minimum characters of a password. */
  passwordMinLength: 8,
  /** Maximum UTF-8 bytes of a password: they bound the cost of hashing. */
  passwordBytes: 256,
  /** Recovery codes of a member, created together. A guest has one. */
  recoveryCodes: 8,
  /** Display names that a guest may choose, in total. */
  guestNames: 5,
  /** Display names that a member may choose per day. */
  memberNamesPerDay: 2,
  /** API tokens of one account. */
  apiTokens: 20,
  /** Users in one user:lookup. */
  lookupUsers: 100,
};
