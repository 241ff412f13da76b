/** Stored state of a family of refresh tokens. Token numbers count from 1. */
export interface RefreshState {
  /** The highest number that was ever presented; 0 at first. Its successor is the family's current token. */
  presented: number;
  /**
   * Times at which `presented`, `presented - 1`, … were first presented, in milliseconds. Only those within the overlap
   * are needed.
   */
  presentations: readonly number[];
}

export interface RefreshRule {
  /** Grace period of an old token after its successor was used, for slow tabs. Milliseconds. */
  overlapMs: number;
  /**
   * Number of uses that are remembered. If all of them fall into the overlap, a token is answered with itself instead
   * of a new one.
   */
  uses: number;
}

export type RefreshDecision =
  /** Store the state and answer with token number `answer`. */
  | { kind: 'advance'; answer: number; state: RefreshState }
  /** Answer with token number `answer`; nothing is written. */
  | { kind: 'repeat'; answer: number }
  /** A copy of the token was used: the family ends. */
  | { kind: 'reuse' };

/**
 * Decides how refresh tokens rotate. Token n returns the same n + 1 until n + 1 is presented, and for the overlap after
 * that the family's current token; later use is reuse. So a lost response or two tabs that refresh at the same time
 * lose no session, and a stolen copy is detected on use. `n` is the number of a genuine token, `now` milliseconds on
 * the database's clock.
 */
export function decideRefresh(state: RefreshState, n: number, now: number, rule: RefreshRule): RefreshDecision {
  // A clock that was set back must not lengthen the past.
  const at = Math.max(now, state.presentations[0] ?? now);
  const recent = state.presentations.filter((time) => at - time <= rule.overlapMs);

  if (n > state.presented) {
    if (recent.length >= rule.uses) return { kind: 'repeat', answer: n };
    // The number is above the current one if the database was restored to a time before the token was issued. The token
    // is still genuine.
    const added = new Array<number>(Math.min(n - state.presented, rule.uses)).fill(at);
    return {
      kind: 'advance',
      answer: n + 1,
      state: { presented: n, presentations: [...added, ...recent].slice(0, rule.uses) },
    };
  }
  const current = state.presented + 1;
  if (n === state.presented) return { kind: 'repeat', answer: current };
  const successorUse = state.presented - (n + 1);
  return successorUse < recent.length ? { kind: 'repeat', answer: current } : { kind: 'reuse' };
}
