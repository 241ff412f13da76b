import type { User } from '@cloudhop/contracts';

/** Content of one fact: users who joined and left. */
export interface PresenceChanges {
  joined: User[];
  left: User[];
}

/**
 * Collects joins and leaves of one conversation until they are emitted. A leave waits for the grace period: a user who
 * is back by then never left. Pure: times are parameters.
 */
export class PresenceGathering {
  readonly #joined = new Map<string, User>();
  /** Users who left, with the time from which that may be emitted. */
  readonly #leaving = new Map<string, { user: User; at: number }>();

  /** Returns true if the user is back within the grace period, and so was not reported as left. */
  join(user: User): boolean {
    if (this.#leaving.delete(user.id)) return true;
    this.#joined.set(user.id, user);
    return false;
  }

  /** True while a join or a leave waits. */
  get isWaiting(): boolean {
    return this.#joined.size + this.#leaving.size > 0;
  }

  /** Returns true if the leave cancels out with a join that was not emitted. */
  leave(user: User, now: number, graceMs: number): boolean {
    if (this.#joined.delete(user.id)) return true;
    this.#leaving.set(user.id, { user, at: now + graceMs });
    return false;
  }

  /** Forgets a user who is gone without having left. Returns true if the latest fact says that they are here. */
  vanish(userId: string): boolean {
    return !this.#joined.delete(userId);
  }

  /** Returns a user whose leave waits. */
  leavingUser(userId: string): User | undefined {
    return this.#leaving.get(userId)?.user;
  }

  /** Returns and removes what may be emitted now; undefined if there is nothing. */
  take(now: number): PresenceChanges | undefined {
    const left = [...this.#leaving.values()].flatMap(({ user, at }) => (at <= now ? [user] : []));
    for (const { id } of left) this.#leaving.delete(id);
    const joined = [...this.#joined.values()];
    this.#joined.clear();
    return joined.length + left.length === 0 ? undefined : { joined, left };
  }

  /** Returns true if the latest fact that others received says that the user is here. */
  isKnown(userId: string, isHere: boolean): boolean {
    return isHere ? !this.#joined.has(userId) : this.#leaving.has(userId);
  }

  /** Time of the next call of `take`; undefined if nothing waits. */
  get nextAt(): number | undefined {
    if (this.#joined.size > 0) return 0;
    let nextAt: number | undefined;
    for (const { at } of this.#leaving.values()) nextAt = Math.min(nextAt ?? at, at);
    return nextAt;
  }
}
