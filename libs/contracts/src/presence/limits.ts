/** Defaults of the limits of presence. Code reads `limits`, which may be overridden. */
export const presenceLimits = {
  /** Without activity on any device for so long somebody is idle. */
  idleAfterMs: 10 * 60_000,
  /** People in one page of who is here. */
  presencePage: 50,
  /** Names that one presence:changed carries; the counts say how many more there were. */
  presenceNames: 10,
};
