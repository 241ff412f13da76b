/** Clock and timer; injected for tests. */
interface IdleTimer {
  now: () => number;
  after: (ms: number, act: () => void) => () => void;
}

interface IdlenessOptions {
  /** Time without activity after which the user is idle, in milliseconds. */
  afterMs: number;
  timer: IdleTimer;
  tell: (isIdle: boolean) => void;
}

export interface Idleness {
  /** Records activity of the user. */
  active: () => void;
  stop: () => void;
}

/**
 * Activity within this time of the last one is ignored: a moving pointer emits a hundred events a second. In
 * milliseconds.
 */
const graceMs = 1_000;

/**
 * Reports when there was no activity for `afterMs`, and the next activity. Uses one timer, restarted only when it
 * expires; activity in between only stores a number.
 */
export function watchIdleness({ afterMs, timer, tell }: IdlenessOptions): Idleness {
  let lastAt = timer.now();
  let isIdle = false;
  let cancel = timer.after(afterMs, look);

  function look(): void {
    const restMs = afterMs - (timer.now() - lastAt);
    // A clock set back must not keep the user active for that long.
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
