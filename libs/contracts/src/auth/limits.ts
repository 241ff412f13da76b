/** Defaults of the limits of accounts and sessions. Code reads `limits`, which may be overridden. */
export const authLimits = {
  /** Graphemes of a display name. */
  displayNameGraphemes: 32,
  /** UTF-8 bytes of a display name: an emoji of a family is one grapheme and 25 bytes. */
  displayNameBytes: 512,
  /** Graphemes of a username: from … */
  usernameLeast: 3,
  /** … to. */
  usernameGraphemes: 32,
  /** Characters of a password, at least … */
  passwordLeast: 8,
  /** … and its bytes at most: hashing must stay bounded. */
  passwordBytes: 256,
  /** Recovery codes of a member, made at once; a guest has one. */
  recoveryCodes: 8,
  /** Names a guest may choose, in all … */
  guestNames: 5,
  /** … and a member, a day. */
  memberNamesPerDay: 2,
  /** API tokens of one account. */
  apiTokens: 20,
  /** Users in one user:lookup. */
  lookupUsers: 100,
};
