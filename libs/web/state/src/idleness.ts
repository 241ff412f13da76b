/** The time, and a way to be called later; handed in so that a test can move it. */
export interface IdleTimer {
  now: () => number;
  after: (ms: number, act: () => void) => () => void;
}

interface IdlenessOptions {
  /** Idle after so long without a sign of life. */
  afterMs: number;
  timer: IdleTimer;
  tell: (isIdle: boolean) => void;
}

export interface Idleness {
  /** The person did something. */
  active: () => void;
  stop: () => void;
}

/** Signs of life within so long of the last one change nothing: a moving pointer gives a hundred a second. */
const graceMs = 1_000;

/**
 * Tells when nothing was done for `afterMs`, and at the next thing that is done. One timer, which is only set anew when
 * it runs out: what is done in between is a number that is written down.
 */
export function watchIdleness({ afterMs, timer, tell }: IdlenessOptions): Idleness {
  let lastAt = timer.now();
  let isIdle = false;
  let cancel = timer.after(afterMs, look);

  function look(): void {
    const restMs = afterMs - (timer.now() - lastAt);
    // A clock that was set back must not keep somebody active for as long.
    if (restMs > 0) {
      cancel = timer.after(Math.min(restMs, afterMs), look);
      return;
    }
    isIdle = true;
    tell(true);
  }

  return {
    active() {
      const now = timer.now();
      if (!isIdle && Math.abs(now - lastAt) < graceMs) return;
      lastAt = now;
      if (!isIdle) return;
      isIdle = false;
      tell(false);
      cancel = timer.after(afterMs, look);
    },
    stop: () => cancel(),
  };
}
