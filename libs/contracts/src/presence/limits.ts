/** Defaults of the limits of presence. Code reads `limits`, which may be overridden. */
export const presenceLimits = {
  /** Time without activity on any device after which a user is idle. */
  idleAfterMs: 10 * 60_000,
  /** Users in one page of presence:list. */
  presencePage: 50,
  /** Users that one presence:changed carries. Its counts include the others. */
  presenceNames: 10,
};
