const visibleLock = 'cloudhop.looking';
const turnLock = 'cloudhop.telling';

/** Subset of LockManager in use. */
export type TabLocks = Pick<LockManager, 'request' | 'query'>;

/** Returns the browser's locks; undefined if they are unsupported or denied. */
export function tabLocks(): TabLocks | undefined {
  try {
    return globalThis.navigator.locks;
  } catch {
    return undefined;
  }
}

/**
 * Elects the one tab that notifies, while no tab is visible. Without locks every tab notifies, and notifications with
 * the same tag replace each other.
 */
export class TabElection {
  #releaseVisible: (() => void) | undefined;
  #releaseTurn: (() => void) | undefined;
  readonly #locks: TabLocks | undefined;

  constructor(locks: TabLocks | undefined) {
    this.#locks = locks;
  }

  /** Sets the visibility of this tab. */
  setVisible(isVisible: boolean): void {
    if (isVisible === (this.#releaseVisible !== undefined)) return;
    if (!isVisible) {
      this.#releaseVisible?.();
      this.#releaseVisible = undefined;
      return;
    }
    this.#releaseTurn?.();
    this.#releaseTurn = undefined;
    const released = new Promise<void>((stop) => (this.#releaseVisible = stop));
    void this.#request(visibleLock, { mode: 'shared' }, () => released);
  }

  async canNotify(): Promise<boolean> {
    if (this.#releaseVisible) return false;
    const held = await this.#held();
    if (!held) return true;
    if (held.some(({ name }) => name === visibleLock)) return false;
    return this.#releaseTurn !== undefined || this.#takeTurn();
  }

  /** Undefined if locks are unsupported or denied. */
  async #held(): Promise<readonly LockInfo[] | undefined> {
    try {
      return (await this.#locks?.query())?.held;
    } catch {
      return undefined;
    }
  }

  /** Resolves to false if locks are refused: browsers may reject or throw. */
  async #request(name: string, options: LockOptions, work: LockGrantedCallback<unknown>): Promise<boolean> {
    try {
      await this.#locks?.request(name, options, work);
      return true;
    } catch {
      return false;
    }
  }

  /** The lock is held until this tab becomes visible or is closed. */
  #takeTurn(): Promise<boolean> {
    return new Promise((answer) => {
      const hold = (lock: Lock | null) => {
        if (!lock || this.#releaseVisible) return answer(false);
        answer(true);
        return new Promise<void>((stop) => (this.#releaseTurn = stop));
      };
      void this.#request(turnLock, { ifAvailable: true }, hold).then((isThere) => answer(!isThere));
    });
  }
}
