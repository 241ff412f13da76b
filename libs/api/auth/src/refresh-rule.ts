/** What is stored of a family of refresh tokens, token numbers counting from 1. */
export interface RefreshState {
  /** The highest number that was ever presented; 0 at first. Its successor is the family's current token. */
  presented: number;
  /** When `presented`, `presented - 1`, … were first presented, in milliseconds; only what the overlap needs is kept. */
  presentations: readonly number[];
}

export interface RefreshRule {
  /** For so long after its successor was used, an old token is still answered: a tab may have been slow. Milliseconds. */
  overlapMs: number;
  /** Uses that are remembered; when as many fall into the overlap, a token is answered with itself instead of a new one. */
  uses: number;
}

export type RefreshDecision =
  /** Store the state and answer with token number `answer`. */
  | { kind: 'advance'; answer: number; state: RefreshState }
  /** Answer with token number `answer`; nothing is written. */
  | { kind: 'repeat'; answer: number }
  /** Somebody kept a copy of the token: the family ends. */
  | { kind: 'reuse' };

/**
 * How refresh tokens rotate: token n answers with the same n + 1 until n + 1 has been presented, and for the overlap
 * after that with the family's current one; later it is reuse. So neither a lost answer nor two tabs that refresh at
 * once cost anyone the identity, and a stolen copy is noticed when it is used.
 *
 * `n` is the number of a genuine token, `now` milliseconds on the database's clock.
 */
export function decideRefresh(state: RefreshState, n: number, now: number, rule: RefreshRule): RefreshDecision {
  // A clock that was set back must not make the past longer than it was.
  const at = Math.max(now, state.presentations[0] ?? now);
  const recent = state.presentations.filter((time) => at - time <= rule.overlapMs);

  if (n > state.presented) {
    if (recent.length >= rule.uses) return { kind: 'repeat', answer: n };
    // Above the current one: the database was restored to a time before it was issued. It is genuine all the same.
    const news = new Array<number>(Math.min(n - state.presented, rule.uses)).fill(at);
    return {
      kind: 'advance',
      answer: n + 1,
      state: { presented: n, presentations: [...news, ...recent].slice(0, rule.uses) },
    };
  }
  const current = state.presented + 1;
  if (n === state.presented) return { kind: 'repeat', answer: current };
  const successorUse = state.presented - (n + 1);
  return successorUse < recent.length ? { kind: 'repeat', answer: current } : { kind: 'reuse' };
}
