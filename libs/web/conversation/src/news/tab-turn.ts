const lookingLock = 'cloudhop.looking';
const tellingLock = 'cloudhop.telling';

/** What of the browser's LockManager is needed. */
export type TabLocks = Pick<LockManager, 'request' | 'query'>;

/**
 * Which of several tabs tells: none while any of them is looked at, else one and the same. Without locks each of them
 * does, and a notice of the same tag at least replaces the other's.
 */
export class TabTurn {
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
    void this.#locks?.request(lookingLock, { mode: 'shared' }, () => looked).catch(() => undefined);
  }

  async mayTell(): Promise<boolean> {
    if (this.#stopLooking) return false;
    if (!this.#locks) return true;
    const { held = [] } = await this.#locks.query();
    if (held.some(({ name }) => name === lookingLock)) return false;
    return this.#stopTelling !== undefined || this.#takeTurn(this.#locks);
  }

  /** The turn is kept until this tab is looked at, or closed. */
  #takeTurn(locks: TabLocks): Promise<boolean> {
    return new Promise((answer) => {
      const hold = (lock: Lock | null) => {
        if (!lock || this.#stopLooking) return answer(false);
        answer(true);
        return new Promise<void>((stop) => (this.#stopTelling = stop));
      };
      locks.request(tellingLock, { ifAvailable: true }, hold).catch(() => answer(false));
    });
  }
}
