const lookingLock = 'cloudhop.looking';
const tellingLock = 'cloudhop.telling';

/** What of the browser's LockManager is needed. */
export type TabLocks = Pick<LockManager, 'request' | 'query'>;

/** Returns the browser's locks, where it has them and lets the page look. */
export function tabLocks(): TabLocks | undefined {
  try {
    return globalThis.navigator.locks;
  } catch {
    return undefined;
  }
}

/**
 * Which of several tabs tells: none while any of them is looked at, else one and the same. Without locks each of them
 * does, and a notice of the same tag at least replaces the other's.
 */
export class TabElection {
  #stopLooking: (() => void) | undefined;
  #stopTelling: (() => void) | undefined;
  readonly #locks: TabLocks | undefined;

  constructor(locks: TabLocks | undefined) {
    this.#locks = locks;
  }

  /** Whether this tab is looked at. */
  look(isLooking: boolean): void {
    if (isLooking === (this.#stopLooking !== undefined)) return;
    if (!isLooking) {
      this.#stopLooking?.();
      this.#stopLooking = undefined;
      return;
    }
    this.#stopTelling?.();
    this.#stopTelling = undefined;
    const looked = new Promise<void>((stop) => (this.#stopLooking = stop));
    void this.#request(lookingLock, { mode: 'shared' }, () => looked);
  }

  async canNotify(): Promise<boolean> {
    if (this.#stopLooking) return false;
    const held = await this.#held();
    if (!held) return true;
    if (held.some(({ name }) => name === lookingLock)) return false;
    return this.#stopTelling !== undefined || this.#takeTurn();
  }

  /** Undefined where there are no locks, or the page gets none. */
  async #held(): Promise<readonly LockInfo[] | undefined> {
    try {
      return (await this.#locks?.query())?.held;
    } catch {
      return undefined;
    }
  }

  /** Resolves to false where locks are refused: a browser may reject, or throw. */
  async #request(name: string, options: LockOptions, work: LockGrantedCallback<unknown>): Promise<boolean> {
    try {
      await this.#locks?.request(name, options, work);
      return true;
    } catch {
      return false;
    }
  }

  /** The turn is kept until this tab is looked at, or closed. */
  #takeTurn(): Promise<boolean> {
    return new Promise((answer) => {
      const hold = (lock: Lock | null) => {
        if (!lock || this.#stopLooking) return answer(false);
        answer(true);
        return new Promise<void>((stop) => (this.#stopTelling = stop));
      };
      void this.#request(tellingLock, { ifAvailable: true }, hold).then((isThere) => answer(!isThere));
    });
  }
}
